using Tsds.Data.Rows;

namespace Tsds.Jobs.Export;

/// <summary>The layout in which all rows of a selection are written for a trainer.</summary>
/// <param name="Rules">What the trainer reads.</param>
/// <param name="Form">What is written.</param>
/// <param name="Schema">The schema of the selected rows; of several, that of messages.</param>
/// <param name="Survey">What the selected rows have.</param>
internal sealed record ExportLayout(TrainerRules Rules, ExportForm Form, RowSchema Schema, RowSurvey Survey)
{
    private static readonly RowSchema[] WithTurns =
    [
        RowSchema.ChatMl,
        RowSchema.ShareGpt,
        RowSchema.Alpaca,
        RowSchema.PromptCompletion,
        RowSchema.QueryResponse,
    ];

    /// <summary>Gets the schema of the written rows.</summary>
    public RowSchema WrittenSchema =>
        Form switch
        {
            ExportForm.AsIs => Schema,
            ExportForm.Messages => RowSchema.ChatMl,
            ExportForm.PromptCompletion => RowSchema.PromptCompletion,
            ExportForm.Preference => RowSchema.Preference,
            ExportForm.Text => RowSchema.Text,
            _ => RowSchema.Pretokenized,
        };

    /// <summary>Gets a value indicating whether the written rows hold a list of turns.</summary>
    public bool IsChat => WrittenSchema is RowSchema.ChatMl or RowSchema.ShareGpt;

    /// <summary>Gets the name of the list of turns in the written rows.</summary>
    public string List => Form == ExportForm.AsIs && Survey.Lists.Count > 0 ? Survey.Lists.First() : "messages";

    /// <summary>Gets a value indicating whether written turns have from and value.</summary>
    public bool HasFromKeys => Form == ExportForm.AsIs && Survey.HasFromKeys;

    /// <summary>Gets a value indicating whether prompts and answers are strings in the written rows.</summary>
    public bool IsStrings =>
        !Survey.Parts.HasFlag(PairParts.Lists)
        && (
            Form == ExportForm.AsIs
            || (
                (Survey.Parts & (PairParts.System | PairParts.History)) == PairParts.None
                && Survey.Tools == ToolsForm.None
            )
        );

    /// <summary>Determines whether the written rows have a column of the selected ones.</summary>
    /// <param name="column">The column.</param>
    public bool HasColumn(string column) => Form == ExportForm.AsIs && Survey.HasColumn(column);

    /// <summary>Chooses the layout that changes least.</summary>
    /// <param name="rules">What the trainer reads.</param>
    /// <param name="survey">What the rows have.</param>
    /// <exception cref="InvalidDataException">The trainer cannot use such rows.</exception>
    public static ExportLayout Choose(TrainerRules rules, RowSurvey survey) =>
        Find(rules, survey, out ExportLayout? layout) is { } problem
            ? throw new InvalidDataException($"E{problem[1..]}.")
            : layout!;

    /// <summary>Finds the layout that changes least.</summary>
    /// <param name="rules">What the trainer reads.</param>
    /// <param name="survey">What the rows have.</param>
    /// <param name="layout">The layout, or null where there is a problem.</param>
    /// <returns>Null, or why the trainer cannot use such rows.</returns>
    public static string? Find(TrainerRules rules, RowSurvey survey, out ExportLayout? layout)
    {
        layout = null;
        if (survey.Rows.Count == 0)
        {
            return "expected at least one selected row to export, found none";
        }

        if (survey.Rows.Count > 1)
        {
            string counts = string.Join(
                ", ",
                survey.Rows.Select(pair => $"{pair.Value:N0} {RowSchemas.NameOf(pair.Key)}")
            );
            if (!survey.Rows.Keys.All(WithTurns.Contains))
            {
                return $"expected rows that can all be written as messages, found several schemas ({counts}); select "
                    + "from a pool of one schema, or export to the trainers separately";
            }

            layout = new ExportLayout(rules, ExportForm.Messages, RowSchema.ChatMl, survey);
            return null;
        }

        RowSchema schema = survey.Rows.Keys.First();
        if (FormOf(rules, schema, survey) is not { } form)
        {
            return $"expected rows that {rules.Name} can train on, found {RowSchemas.NameOf(schema)} rows; "
                + HintFor(schema);
        }

        layout = new ExportLayout(rules, form, schema, survey);
        return null;
    }

    private static ExportForm? FormOf(TrainerRules rules, RowSchema schema, RowSurvey survey) =>
        schema switch
        {
            RowSchema.TextField => rules.Text switch
            {
                TextForm.None => null,
                TextForm.Answer => ExportForm.Messages,
                _ => rules.KeepsAll && survey.HasColumn("text") ? ExportForm.AsIs : ExportForm.Text,
            },
            RowSchema.Text => rules.Text switch
            {
                TextForm.None => null,
                TextForm.Answer => ExportForm.Messages,
                _ => CanKeepColumns(rules, survey, ["text"]) ? ExportForm.AsIs : ExportForm.Text,
            },
            RowSchema.Pretokenized => rules.KeepsAll ? ExportForm.AsIs
            : rules.ReadsTokens ? ExportForm.Tokens
            : null,
            RowSchema.Preference => rules.Preference == PreferenceForm.None ? null
            : CanKeepPreference(rules, survey) ? ExportForm.AsIs
            : ExportForm.Preference,
            RowSchema.ChatMl or RowSchema.ShareGpt => CanKeepChat(rules, survey)
                ? ExportForm.AsIs
                : ExportForm.Messages,
            _ => CanKeepPair(rules, schema, survey) ? ExportForm.AsIs
            : rules.KeepsPairs && schema == RowSchema.PromptCompletion ? ExportForm.PromptCompletion
            : ExportForm.Messages,
        };

    private static bool CanKeepChat(TrainerRules rules, RowSurvey survey)
    {
        if (rules.KeepsAll)
        {
            // A column holds strings or lists of parts, and text reads better than JSON of it.
            return !survey.HasParts || survey.HasMediaParts;
        }

        TurnKeys? keys =
            survey.HasRoleKeys == survey.HasFromKeys ? null
            : survey.HasRoleKeys ? rules.RoleKeys
            : rules.FromKeys;
        List<string> used = [.. survey.Lists];
        if (rules.Tools != ToolsForm.None)
        {
            used.Add("tools");
        }

        if (rules.ReadsSystemColumn)
        {
            used.Add("system");
        }

        if (rules.Media == MediaForm.Columns)
        {
            used.AddRange(survey.MediaColumns.Where(column => column.EndsWith('s')));
        }

        return keys is not null
            && survey.Lists.Count == 1
            && (rules.Media != MediaForm.Columns || survey.MediaColumns.All(column => column.EndsWith('s')))
            && (keys.Lists.Count == 0 || keys.Lists.Contains(survey.Lists.First()))
            && KnowsRoles(rules, keys, survey)
            && CanKeepColumns(rules, survey, used)
            && CanKeepTurns(rules, survey);
    }

    private static bool KnowsRoles(TrainerRules rules, TurnKeys keys, RowSurvey survey)
    {
        bool hasCallTurns = survey.Calls.HasFlag(CallForm.Turn);
        return keys.Naming switch
        {
            // What stands beside the text is read of turns of the usual names alone.
            RoleNaming.Fixed => survey.RoleNames.Keys.All(keys.Roles.Contains)
                && (
                    !(survey.Calls.HasFlag(CallForm.Field) || survey.HasReasoning || survey.HasNames)
                    || (
                        survey.HasRoleKeys
                        && survey.RoleNames.All(pair => pair.Value != TurnRole.Assistant || IsUsualAnswer(pair.Key))
                    )
                ),
            RoleNaming.OnePerRole => survey
                .RoleNames.GroupBy(pair => (pair.Value, TurnRoles.IsCall(pair.Key)))
                .All(group => group.Count() == 1 && group.Key.Value != TurnRole.Other),
            _ => (!hasCallTurns || rules.Calls.HasFlag(CallForm.Turn))
                && survey.RoleNames.Values.All(role => role != TurnRole.Other),
        };
    }

    private static bool IsUsualAnswer(string roleName) => roleName == "assistant" || TurnRoles.IsCall(roleName);

    /// <summary>Determines whether what turns hold beside text is as the trainer reads it.</summary>
    private static bool CanKeepTurns(TrainerRules rules, RowSurvey survey)
    {
        // A mark on a question would have it trained on, where marks are read at all.
        bool hasFreeMask = survey is { MaskKeys.Count: <= 1, HasMarkedQuestions: false } && rules.Mask == MaskForm.Told;
        bool canKeepMask =
            (!survey.HasMaskedAnswers && !(rules.Mask == MaskForm.Loss && survey.MaskKeys.Contains("loss")))
            || hasFreeMask
            || (rules.Mask == MaskForm.Loss && HasOnly(survey, "loss") && !survey.HasMarkedQuestions)
            || (rules.Mask == MaskForm.Weight && HasOnly(survey, "weight"));
        return (!survey.HasParts || (rules.Media == MediaForm.ImageParts && survey.HasMediaParts))
            && (!survey.HasMediaParts || rules.Media == MediaForm.ImageParts)
            && (survey.Tools & ~rules.Tools) == ToolsForm.None
            && !survey.HasOldTools
            && (!rules.IsTable || !survey.Tools.HasFlag(ToolsForm.List) || survey.HasUniformTools)
            && (survey.Calls & ~rules.Calls) == CallForm.None
            && (survey.Calls == CallForm.None || !survey.HasOddCalls)
            && (!rules.IsTable || !survey.HasObjectArguments || survey.HasUniformArguments)
            && (rules.OnlyTurnKeys is null || !(survey.HasObjectArguments || survey.HasCallsWithoutId))
            && (rules.OnlyTurnKeys is null || survey.TurnKeys.All(rules.OnlyTurnKeys.Contains))
            && (!survey.HasSystemColumn || (rules.ReadsSystemColumn && !survey.HasSystemTwice))
            && (!survey.HasReasoning || (rules.Reasoning == ReasoningForm.Key && !survey.HasOddReasoning))
            && canKeepMask;
    }

    private static bool HasOnly(RowSurvey survey, string maskKey) =>
        survey.MaskKeys.Count == 1 && survey.MaskKeys.First() == maskKey;

    private static bool CanKeepPair(TrainerRules rules, RowSchema schema, RowSurvey survey)
    {
        if (rules.KeepsAll)
        {
            return true;
        }

        string[] used = schema switch
        {
            RowSchema.Alpaca => ["instruction", "input", "output", "system", "history"],
            RowSchema.PromptCompletion => ["prompt", "completion", "system", "history", "tools"],
            _ => ["query", "response", "system", "history"],
        };
        return rules.Pairs.TryGetValue(schema, out PairParts parts)
            && (survey.Parts & ~parts) == PairParts.None
            && (survey.Tools == ToolsForm.None || (rules.KeepsPairs && survey.Parts.HasFlag(PairParts.Lists)))
            && survey.MediaColumns.Count == 0
            && CanKeepColumns(rules, survey, used)
            && CanKeepLists(rules, survey);
    }

    private static bool CanKeepPreference(TrainerRules rules, RowSurvey survey)
    {
        if (rules.KeepsAll)
        {
            return true;
        }

        bool isRead =
            rules.Preference == PreferenceForm.Columns
                ? (survey.Parts & ~(PairParts.Lists | PairParts.Input)) == PairParts.None
                : rules.Pairs.TryGetValue(RowSchema.Preference, out PairParts parts)
                    && (survey.Parts & ~(parts | PairParts.Input)) == PairParts.None
                    && survey.HasColumn("prompt");
        bool mayHaveTools = rules.Preference == PreferenceForm.Columns && survey.Parts.HasFlag(PairParts.Lists);
        return isRead
            && (survey.Tools == ToolsForm.None || mayHaveTools)
            && survey.MediaColumns.Count == 0
            && CanKeepColumns(rules, survey, ["prompt", "chosen", "rejected", "tools"])
            && CanKeepLists(rules, survey);
    }

    /// <summary>Determines whether prompts and answers that are lists of turns are as the trainer reads them.</summary>
    private static bool CanKeepLists(TrainerRules rules, RowSurvey survey) =>
        !survey.Parts.HasFlag(PairParts.Lists)
        || (
            rules.RoleKeys is { } keys
            && survey is { HasFromKeys: false, HasMixedAnswers: false }
            && survey.RoleNames.Keys.All(keys.Roles.Contains)
            && CanKeepTurns(rules, survey)
        );

    private static bool CanKeepColumns(TrainerRules rules, RowSurvey survey, IReadOnlyCollection<string> used) =>
        rules.KeepsAll
        || (
            (!rules.IsTable || survey.HasSameColumns)
            && survey.Columns.All(column => !rules.Columns.Contains(column) || used.Contains(column))
            && (rules.OnlyColumns is null || survey.Columns.All(rules.OnlyColumns.Contains))
        );

    private static string HintFor(RowSchema schema)
    {
        IEnumerable<TrainerRules> readers = TrainerRules.InOrder.Where(rules =>
            !rules.KeepsAll
            && schema switch
            {
                RowSchema.Preference => rules.Preference != PreferenceForm.None,
                RowSchema.Pretokenized => rules.ReadsTokens,
                _ => rules.Text != TextForm.None,
            }
        );
        return $"they go to {string.Join(", ", readers.Select(rules => rules.Name))}, or as a dataset with --to hf";
    }
}
