using Tsds.Data.Rows;

namespace Tsds.Jobs.Export;

/// <summary>The layout of rows for a trainer: the schema, and whether rows are copied unchanged.</summary>
/// <param name="Schema">The schema of the written rows.</param>
/// <param name="MessagesField">The field of the list of messages, where the schema has one.</param>
/// <param name="IsVerbatim">True if the selected rows stay as they are, byte for byte.</param>
internal sealed record RowLayout(RowSchema Schema, string MessagesField, bool IsVerbatim)
{
    private static readonly RowSchema[] Conversations =
    [
        RowSchema.ChatMl,
        RowSchema.ShareGpt,
        RowSchema.Alpaca,
        RowSchema.PromptCompletion,
        RowSchema.QueryResponse,
    ];

    /// <summary>Chooses the layout that changes the least.</summary>
    /// <exception cref="InvalidDataException">The trainer cannot use such rows.</exception>
    public static RowLayout Choose(Trainer trainer, SchemaSurvey survey)
    {
        if (survey.Rows.Count == 0)
        {
            throw new InvalidDataException("Expected at least one selected row to export, found none.");
        }

        if (survey.Rows.Count > 1)
        {
            string counts = string.Join(
                ", ",
                survey.Rows.Select(pair => $"{pair.Value:N0} {RowSchemas.NameOf(pair.Key)}")
            );
            return survey.Rows.Keys.All(Conversations.Contains)
                ? new RowLayout(RowSchema.ChatMl, "messages", IsVerbatim: false)
                : throw new InvalidDataException(
                    $"Expected rows that can all be written as messages, found several schemas ({counts}); "
                        + $"select from a pool of one schema, or export to the trainers separately."
                );
        }

        RowSchema schema = survey.Rows.Keys.First();
        RowSchema written =
            WrittenSchema(trainer, schema, survey)
            ?? throw new InvalidDataException(
                $"Expected rows that {NameOf(trainer)} can train on, found {RowSchemas.NameOf(schema)} rows; "
                    + $"{HintFor(schema)}."
            );
        bool keepsFields =
            survey.HasSameFields
            && (schema is not (RowSchema.ChatMl or RowSchema.ShareGpt) || survey.MessagesField is not null);
        bool isVerbatim =
            written == schema && schema != RowSchema.Pretokenized && (keepsFields || trainer == Trainer.HuggingFace);
        return new RowLayout(
            written,
            isVerbatim && survey.MessagesField is { } field ? field : UsualField(written),
            isVerbatim
        );
    }

    /// <summary>Returns the name of a trainer as its makers write it.</summary>
    public static string NameOf(Trainer trainer) =>
        trainer switch
        {
            Trainer.Axolotl => "Axolotl",
            Trainer.Trl => "TRL",
            Trainer.LlamaFactory => "LLaMA-Factory",
            Trainer.Torchtune => "torchtune",
            Trainer.Unsloth => "Unsloth",
            _ => "the Hugging Face hub",
        };

    private static RowSchema? WrittenSchema(Trainer trainer, RowSchema schema, SchemaSurvey survey)
    {
        RowSchema messages = RowSchema.ChatMl;
        return (trainer, schema) switch
        {
            (Trainer.HuggingFace, RowSchema.TextField) => RowSchema.Text,
            (Trainer.HuggingFace, _) => schema,
            (_, RowSchema.ChatMl) => schema,
            (_, RowSchema.Text or RowSchema.TextField) => RowSchema.Text,
            (Trainer.Trl, RowSchema.ShareGpt) => messages,
            (_, RowSchema.ShareGpt) => schema,
            (Trainer.LlamaFactory, RowSchema.Alpaca or RowSchema.QueryResponse) => schema,
            (Trainer.Axolotl or Trainer.Unsloth, RowSchema.Alpaca) => survey.HasSystemOrHistory ? messages : schema,
            (Trainer.Torchtune, RowSchema.Alpaca or RowSchema.QueryResponse) => survey.HasInput
            || survey.HasSystemOrHistory
                ? messages
                : schema,
            (_, RowSchema.Alpaca or RowSchema.QueryResponse) => messages,
            (Trainer.Trl, RowSchema.PromptCompletion) => schema,
            (Trainer.LlamaFactory or Trainer.Torchtune, RowSchema.PromptCompletion) => survey.IsStrings
                ? schema
                : messages,
            (_, RowSchema.PromptCompletion) => messages,
            (Trainer.Trl, RowSchema.Preference) => schema,
            (Trainer.LlamaFactory, RowSchema.Preference) => survey.IsStrings ? schema : null,
            (Trainer.Axolotl, RowSchema.Pretokenized) => schema,
            _ => null,
        };
    }

    private static string UsualField(RowSchema schema) => schema == RowSchema.ShareGpt ? "conversations" : "messages";

    private static string HintFor(RowSchema schema) =>
        schema switch
        {
            RowSchema.Preference => "preference rows go to TRL, or as strings to LLaMA-Factory",
            RowSchema.Pretokenized => "pretokenized rows go to Axolotl, or as a dataset with --to hf",
            _ => "export them as a dataset with --to hf",
        };
}
