using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Tsds.Data.Rows;

namespace Tsds.Jobs.Export;

/// <summary>
/// The judge of an export, before it is moved into place: what lies on the disk is read as if nothing were known of it,
/// by the rules of the trainer, and every row has to be there, in order, and to say what the selected row says.
/// </summary>
internal sealed class WrittenRows(ExportLayout layout, RowWriter writer)
{
    private readonly TrainerRules _rules = layout.Rules;
    private readonly List<UInt128> _expected = [];

    /// <summary>
    /// Gets a value indicating whether the rows are in a form of the trainer's own, which no other rows have: the
    /// choice of a layout does not know it.
    /// </summary>
    private bool IsOwnForm => layout.Form == ExportForm.Preference && _rules.Preference != PreferenceForm.Columns;

    /// <summary>Records the content of a selected row.</summary>
    /// <param name="row">A row that is going to be written.</param>
    public void Expect(SelectedRow row) => _expected.Add(HashOf(row));

    /// <summary>Reads the written files and judges them.</summary>
    /// <param name="files">The files, in order.</param>
    /// <param name="named">The columns that the configuration names.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <exception cref="InvalidDataException">A row is missing or says something else, the trainer would not read the
    /// rows as they are, or a column that the configuration names is not there.</exception>
    public void Check(IReadOnlyList<string> files, IEnumerable<string> named, CancellationToken cancellationToken)
    {
        RowSurvey survey = new();
        int count = 0;
        foreach ((string path, SelectedRow row) in Read(files, cancellationToken))
        {
            if (count >= _expected.Count || HashOf(row) != _expected[count])
            {
                throw Differs(path, row.Number, "other words, roles, calls, tools or media");
            }

            survey.Add(row);
            count++;
        }

        if (count != _expected.Count)
        {
            throw Differs(files[^1], count, $"{count} rows in place of {_expected.Count}");
        }

        if (named.FirstOrDefault(column => !survey.HasColumn(column)) is { } missing)
        {
            throw Differs(files[0], 1, $"no column {missing}, which the configuration names");
        }

        CheckRules(files, ReadLayout(files, survey), cancellationToken);
    }

    /// <summary>Returns how the trainer reads what was written: as it is.</summary>
    private ExportLayout ReadLayout(IReadOnlyList<string> files, RowSurvey survey)
    {
        if (IsOwnForm)
        {
            return layout;
        }

        string? problem = ExportLayout.Find(_rules, survey, out ExportLayout? read);
        if (problem is null && read!.Form is ExportForm.AsIs or ExportForm.Tokens)
        {
            return read;
        }

        // A row that was left out may have been why the others stay as they are.
        return _rules.KeepsAll && layout.Form == ExportForm.AsIs
            ? layout
            : throw Differs(files[0], 1, problem ?? $"rows that {_rules.Name} does not read as they are");
    }

    private void CheckRules(IReadOnlyList<string> files, ExportLayout read, CancellationToken cancellationToken)
    {
        RowChecks checks = new(read);
        JsonShape shape = new(isLenient: !files[0].EndsWith(".jsonl", StringComparison.Ordinal));
        foreach ((string path, SelectedRow row) in Read(files, cancellationToken))
        {
            string? problem = checks.Find(row) ?? (_rules.IsTable ? shape.Add(row.Json, row.Number, "") : null);
            if (problem is not null)
            {
                throw Differs(path, row.Number, problem);
            }
        }
    }

    private IEnumerable<(string Path, SelectedRow Row)> Read(
        IReadOnlyList<string> files,
        CancellationToken cancellationToken
    )
    {
        foreach (string path in files)
        {
            using RowFile file = new(path, path, RowReader.LongestRow);
            while (file.TryRead(out ReadOnlyMemory<byte> line, out string? problem))
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (problem is not null)
                {
                    throw Differs(path, file.Number, problem);
                }

                using JsonDocument document = JsonDocument.Parse(line);
                yield return (path, Read(path, file.Number, line.ToArray(), document.RootElement));
            }
        }
    }

    private SelectedRow Read(string path, long number, byte[] utf8, JsonElement row)
    {
        try
        {
            return IsOwnForm
                ? new SelectedRow(number, utf8, row, RowSchema.Preference, List: "", ReadPreference(row))
                : SelectedRow.Of(number, utf8, row, layout.WrittenSchema, layout.IsChat ? ListOf(row) : "");
        }
        catch (Exception exception) when (exception is KeyNotFoundException or InvalidOperationException)
        {
            throw Differs(path, number, "another form");
        }
    }

    private InvalidDataException Differs(string path, long row, string found) =>
        new(
            $"{path}, row {row}: expected what the selected row says, as {_rules.Name} reads it, found {found} on "
                + "reading it back; nothing was exported. This is a mistake in tsds: please report it with the row."
        );

    private UInt128 HashOf(SelectedRow row) =>
        row.Conversation is { } conversation
            ? layout is { Form: ExportForm.Messages, Schema: RowSchema.Text or RowSchema.TextField }
                ? HashOf(conversation.Turns is [{ Text: { } text }] ? text : "")
                : HashOf(conversation)
            : row.Schema == RowSchema.Pretokenized
                ? HashOf(row.Json.GetProperty("input_ids").GetRawText())
                : HashOf(writer.TextOf(row) ?? "");

    private string ListOf(JsonElement row) =>
        layout.Form == ExportForm.Messages ? "messages"
        : layout.Survey.Lists.Count <= 1 ? layout.List
        : layout.Survey.Lists.First(name =>
            row.TryGetProperty(name, out JsonElement list) && list.ValueKind == JsonValueKind.Array
        );

    private Conversation ReadPreference(JsonElement row)
    {
        JsonElement input = layout.Rules.Preference == PreferenceForm.Outputs ? row.GetProperty("input") : row;
        (string question, string chosen, string rejected) = layout.Rules.Preference switch
        {
            PreferenceForm.Turns => ("messages", "chosen", "rejected"),
            PreferenceForm.Outputs => ("messages", "preferred_output", "non_preferred_output"),
            _ => ("", "chosen", "rejected"),
        };
        Conversation conversation =
            _rules.Preference == PreferenceForm.Conversations
                ? ConversationReader.Read(row, RowSchema.Preference, list: "")
            : _rules.Preference == PreferenceForm.Response ? ReadResponse(row)
            : ConversationReader.ReadPreference(
                input.GetProperty(question),
                row.GetProperty(chosen),
                row.GetProperty(rejected)
            );
        return conversation with { Tools = ToolReader.Read(input), Media = ListedMedia.Read(row) };
    }

    private static Conversation ReadResponse(JsonElement row)
    {
        JsonElement messages = row.GetProperty("messages");
        Conversation conversation = ConversationReader.ReadPreference(
            default,
            messages,
            row.GetProperty("rejected_response")
        );

        // The better answer is the last message; what stands before it is the question.
        return conversation with
        {
            QuestionTurns = Math.Max(0, conversation.Turns.Count - 1),
        };
    }

    /// <summary>
    /// Hashes what is said: who, what, which calls, which tools, which media, and what is not to be trained on.
    /// </summary>
    private UInt128 HashOf(Conversation conversation)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (ConversationTurn turn in conversation.Turns)
        {
            Add(hash, turn);
        }

        // Of a response the question is not repeated, and how a row divides the two does not matter elsewhere.
        bool isResponse = layout.Rules.Preference == PreferenceForm.Response && layout.Form == ExportForm.Preference;
        Add(hash, "worse");
        if (conversation.Rejected.Count > 0 && !isResponse)
        {
            foreach (ConversationTurn turn in conversation.Turns.Take(conversation.QuestionTurns))
            {
                Add(hash, TurnText.WithReasoning(turn));
            }
        }

        foreach (ConversationTurn turn in conversation.Rejected)
        {
            Add(hash, turn);
        }

        Add(hash, conversation.Tools is { } tools ? Canonical(tools) : null);
        foreach (MediaPart part in RowWriter.MediaOf(conversation))
        {
            Add(hash, part.Address);
        }

        return BinaryPrimitives.ReadUInt128LittleEndian(hash.GetHashAndReset());
    }

    private static UInt128 HashOf(string text)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Add(hash, text);
        return BinaryPrimitives.ReadUInt128LittleEndian(hash.GetHashAndReset());
    }

    private static void Add(IncrementalHash hash, ConversationTurn turn)
    {
        Add(hash, turn.Role.ToString());

        // Calls stand beside an empty text or none.
        string? text = TurnText.WithReasoning(turn);
        Add(hash, turn.Calls.Count > 0 && string.IsNullOrWhiteSpace(text) ? "" : text);
        foreach (ToolCall call in turn.Calls)
        {
            Add(hash, call.Name);
            using JsonDocument arguments = JsonDocument.Parse(call.Arguments);
            Add(hash, Canonical(arguments.RootElement));
        }

        Add(hash, turn is { Role: TurnRole.Assistant, IsTrained: false } ? "masked" : null);
    }

    private static string Canonical(JsonElement json) => JsonSerializer.Serialize(json);

    private static void Add(IncrementalHash hash, string? text)
    {
        // The length goes first, so that no two lists of texts run into the same bytes.
        byte[] utf8 = text is null ? [] : Encoding.UTF8.GetBytes(text);
        hash.AppendData(BitConverter.GetBytes(text is null ? -1 : utf8.Length));
        hash.AppendData(utf8);
    }
}
