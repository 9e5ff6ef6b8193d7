using System.Text.Json;
using Tsds.Data.Rows;

namespace Tsds.Jobs.Export;

/// <summary>
/// The content of all rows together, as far as it decides how they can be written: schemas, columns, names of roles,
/// and whether any row needs more than plain turns.
/// </summary>
internal sealed class RowSurvey
{
    private static readonly string[] AnswerColumns = ["prompt", "completion", "chosen", "rejected"];
    private static readonly string[] ReasoningKeys = ["reasoning", "thinking"];

    private readonly SortedDictionary<RowSchema, long> _rows = [];
    private readonly SortedSet<string> _columns = new(StringComparer.Ordinal);
    private readonly SortedSet<string> _lists = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, TurnRole> _roleNames = new(StringComparer.Ordinal);
    private readonly SortedSet<string> _turnKeys = new(StringComparer.Ordinal);
    private readonly SortedSet<string> _mediaColumns = new(StringComparer.Ordinal);
    private readonly SortedSet<string> _maskKeys = new(StringComparer.Ordinal);
    private readonly SortedSet<MediaKind> _media = [];
    private readonly JsonShape _tools = new();
    private readonly JsonShape _arguments = new();
    private bool _hasMixedTools;
    private bool _hasMixedArguments;
    private bool _hasStrings;
    private string[]? _firstColumns;

    /// <summary>Gets the schemas and how many rows have each.</summary>
    public IReadOnlyDictionary<RowSchema, long> Rows => _rows;

    /// <summary>Gets the names of the columns of any row.</summary>
    public IReadOnlyCollection<string> Columns => _columns;

    /// <summary>
    /// Gets whether all rows have the same columns: those that only some have break readers that infer them from the
    /// first rows.
    /// </summary>
    public bool HasSameColumns { get; private set; } = true;

    /// <summary>Gets the names of the lists of turns.</summary>
    public IReadOnlyCollection<string> Lists => _lists;

    /// <summary>Gets whether a turn has the keys role and content.</summary>
    public bool HasRoleKeys { get; private set; }

    /// <summary>Gets whether a turn has the keys from and value.</summary>
    public bool HasFromKeys { get; private set; }

    /// <summary>Gets the names of roles with what they mean; those of turns that are calls as well.</summary>
    public IReadOnlyDictionary<string, TurnRole> RoleNames => _roleNames;

    /// <summary>Gets the keys of turns.</summary>
    public IReadOnlyCollection<string> TurnKeys => _turnKeys;

    /// <summary>Gets whether content is a list of parts anywhere.</summary>
    public bool HasParts { get; private set; }

    /// <summary>Gets whether a turn holds media.</summary>
    public bool HasMediaParts { get; private set; }

    /// <summary>Gets the columns that list media.</summary>
    public IReadOnlyCollection<string> MediaColumns => _mediaColumns;

    /// <summary>Gets the kinds of media, in turns or columns.</summary>
    public IReadOnlyCollection<MediaKind> Media => _media;

    /// <summary>Gets how the rows hold tools; several forms where they differ.</summary>
    public ToolsForm Tools { get; private set; }

    /// <summary>Gets whether tools are named otherwise than <c>tools</c>.</summary>
    public bool HasOldTools { get; private set; }

    /// <summary>Gets how the rows hold calls of tools; several forms where they differ.</summary>
    public CallForm Calls { get; private set; }

    /// <summary>Gets whether a call is written otherwise than with type, function, name and arguments.</summary>
    public bool HasOddCalls { get; private set; }

    /// <summary>Gets whether arguments of calls are objects anywhere.</summary>
    public bool HasObjectArguments { get; private set; }

    /// <summary>Gets whether a call or the answer to one has no identifier.</summary>
    public bool HasCallsWithoutId { get; private set; }

    /// <summary>
    /// Gets whether all tools have the same fields of the same types, so that columns hold them without filling gaps.
    /// </summary>
    public bool HasUniformTools => !_hasMixedTools && !_tools.IsRagged;

    /// <summary>Gets whether all arguments of calls have the same fields of the same types.</summary>
    public bool HasUniformArguments => !_hasMixedArguments && !_arguments.IsRagged;

    /// <summary>Gets whether a row has a system prompt in a column.</summary>
    public bool HasSystemColumn { get; private set; }

    /// <summary>Gets whether a row has a system prompt in a column and other turns of the system.</summary>
    public bool HasSystemTwice { get; private set; }

    /// <summary>Gets the keys of turns that say whether they are trained on.</summary>
    public IReadOnlyCollection<string> MaskKeys => _maskKeys;

    /// <summary>Gets whether an answer is not to be trained on.</summary>
    public bool HasMaskedAnswers { get; private set; }

    /// <summary>Gets whether a turn of another than the assistant is marked as one to train on.</summary>
    public bool HasMarkedQuestions { get; private set; }

    /// <summary>Gets whether a turn has reasoning.</summary>
    public bool HasReasoning { get; private set; }

    /// <summary>Gets whether reasoning has another key than <c>reasoning_content</c>.</summary>
    public bool HasOddReasoning { get; private set; }

    /// <summary>Gets whether a turn has the name of its speaker.</summary>
    public bool HasNames { get; private set; }

    /// <summary>Gets the parts that rows of questions and answers have besides.</summary>
    public PairParts Parts { get; private set; }

    /// <summary>Gets whether some prompts and answers are strings where others are lists of turns.</summary>
    public bool HasMixedAnswers { get; private set; }

    /// <summary>Gets whether a preference has a question.</summary>
    public bool HasQuestions { get; private set; }

    /// <summary>Determines whether a row has a column.</summary>
    /// <param name="column">The column.</param>
    public bool HasColumn(string column) => _columns.Contains(column);

    /// <summary>Surveys all rows.</summary>
    /// <param name="rows">The rows.</param>
    public static RowSurvey Of(IEnumerable<SelectedRow> rows)
    {
        RowSurvey survey = new();
        foreach (SelectedRow row in rows)
        {
            survey.Add(row);
        }

        return survey;
    }

    /// <summary>Adds a row.</summary>
    /// <param name="row">The row.</param>
    public void Add(SelectedRow row)
    {
        _rows[row.Schema] = _rows.GetValueOrDefault(row.Schema) + 1;
        if (row.Problem is not null)
        {
            return;
        }

        string[] names = [.. row.Json.EnumerateObject().Select(field => field.Name).Order(StringComparer.Ordinal)];
        _firstColumns ??= names;
        HasSameColumns &= names.AsSpan().SequenceEqual(_firstColumns);
        _columns.UnionWith(names);
        _mediaColumns.UnionWith(ListedMedia.NamesOf(row.Json));
        if (row.Conversation is not { Problem: null } conversation)
        {
            return;
        }

        AddParts(row, conversation);
        AddTools(row, conversation);
        foreach (MediaPart part in conversation.Media)
        {
            _media.Add(part.Kind);
        }

        foreach (ConversationTurn turn in conversation.AllTurns)
        {
            AddTurn(turn);
        }

        if (row.List.Length > 0)
        {
            _lists.Add(row.List);
            AddKeys(row.Json.GetProperty(row.List));
            return;
        }

        foreach (string name in AnswerColumns)
        {
            if (!row.Json.TryGetProperty(name, out JsonElement list) || list.ValueKind == JsonValueKind.Null)
            {
                continue;
            }

            bool isList = list.ValueKind == JsonValueKind.Array;
            HasMixedAnswers |= isList ? _hasStrings : Parts.HasFlag(PairParts.Lists);
            _hasStrings |= !isList;
            if (isList)
            {
                Parts |= PairParts.Lists;
                AddKeys(list);
            }
        }
    }

    private void AddParts(SelectedRow row, Conversation conversation)
    {
        HasSystemColumn |= conversation.HasSystemColumn;
        HasSystemTwice |=
            conversation.HasSystemColumn && conversation.Turns.Skip(1).Any(turn => turn.Role == TurnRole.System);
        if (row.List.Length > 0)
        {
            return;
        }

        Parts |=
            (HasContent(row.Json, "input") ? PairParts.Input : PairParts.None)
            | (conversation.HasSystemColumn ? PairParts.System : PairParts.None)
            | (HasContent(row.Json, "history") ? PairParts.History : PairParts.None);
        HasQuestions |= conversation.Turns.Take(conversation.QuestionTurns).Any(turn => turn.HasContent);
    }

    private void AddTools(SelectedRow row, Conversation conversation)
    {
        if (conversation.Tools is not { } tools)
        {
            return;
        }

        HasOldTools |= !HasContent(row.Json, "tools");
        bool isText =
            row.Json.TryGetProperty("tools", out JsonElement value) && value.ValueKind == JsonValueKind.String;
        Tools |= isText ? ToolsForm.Text : ToolsForm.List;
        _hasMixedTools |= !isText && _tools.Add(tools, row.Number, "tools") is not null;
    }

    private void AddTurn(ConversationTurn turn)
    {
        _roleNames[turn.RoleName] = turn.Role;
        HasParts |= turn.HasParts;
        HasMediaParts |= turn.Media.Count > 0;
        HasReasoning |= turn.Reasoning is not null;
        HasNames |= turn.Name is not null;
        HasMaskedAnswers |= turn is { Role: TurnRole.Assistant, IsTrained: false };
        HasMarkedQuestions |= turn is { Role: not TurnRole.Assistant, IsTrained: true };
        HasCallsWithoutId |= turn.Role == TurnRole.Tool && turn.CallId is null;
        foreach ((_, MediaPart part) in turn.Media)
        {
            _media.Add(part.Kind);
        }

        foreach (ToolCall call in turn.Calls)
        {
            Calls |= TurnRoles.IsCall(turn.RoleName) ? CallForm.Turn : CallForm.Field;
            HasCallsWithoutId |= call.Id is null;
            using JsonDocument arguments = JsonDocument.Parse(call.Arguments);
            _hasMixedArguments |= _arguments.Add(arguments.RootElement, row: 0, "arguments") is not null;
        }
    }

    private void AddKeys(JsonElement turns)
    {
        foreach (JsonElement turn in turns.EnumerateArray())
        {
            foreach (JsonProperty key in turn.EnumerateObject())
            {
                _turnKeys.Add(key.Name);
                if (key.Value.ValueKind == JsonValueKind.Null)
                {
                    continue;
                }

                HasRoleKeys |= key.Name is "role" or "content";
                HasFromKeys |= key.Name is "from" or "value";
                HasOddCalls |= key.Name == "function_call" || (key.Name == "tool_calls" && !IsUsual(key.Value));
                HasOddReasoning |= ReasoningKeys.Contains(key.Name);
                if (MessageReader.MaskKeys.Contains(key.Name))
                {
                    _maskKeys.Add(key.Name);
                }
            }
        }
    }

    private bool IsUsual(JsonElement calls)
    {
        if (calls.ValueKind != JsonValueKind.Array)
        {
            return false;
        }

        foreach (JsonElement call in calls.EnumerateArray())
        {
            if (
                !call.TryGetProperty("function", out JsonElement function)
                || function.ValueKind != JsonValueKind.Object
                || !call.TryGetProperty("type", out JsonElement type)
                || type.ValueKind != JsonValueKind.String
                || !function.TryGetProperty("arguments", out JsonElement arguments)
            )
            {
                return false;
            }

            HasObjectArguments |= arguments.ValueKind != JsonValueKind.String;
        }

        return true;
    }

    private static bool HasContent(JsonElement row, string name) =>
        row.TryGetProperty(name, out JsonElement value)
        && value.ValueKind switch
        {
            JsonValueKind.Null => false,
            JsonValueKind.String => value.GetString()!.Length > 0,
            JsonValueKind.Array => value.GetArrayLength() > 0,
            _ => true,
        };
}
