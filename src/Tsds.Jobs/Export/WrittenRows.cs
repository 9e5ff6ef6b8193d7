using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Tsds.Data.Rows;

namespace Tsds.Jobs.Export;

/// <summary>
/// Reads an export back before it is moved into place: every row is there, in order, and says to the trainer what the
/// selected row says.
/// </summary>
internal sealed class WrittenRows(ExportLayout layout, RowWriter writer)
{
    private readonly List<UInt128> _expected = [];

    /// <summary>Records the content of a selected row.</summary>
    /// <param name="row">A row that is going to be written.</param>
    public void Expect(SelectedRow row) => _expected.Add(HashOf(row));

    /// <summary>Reads the written files and compares them with the selected rows.</summary>
    /// <param name="files">The files, in order.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <exception cref="InvalidDataException">A row is missing, or says something else.</exception>
    public void Check(IReadOnlyList<string> files, CancellationToken cancellationToken)
    {
        int count = 0;
        foreach (string path in files)
        {
            using RowFile file = new(path, path, RowReader.LongestRow);
            while (file.TryRead(out ReadOnlyMemory<byte> line, out string? problem))
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (problem is not null || count >= _expected.Count || HashOf(line) != _expected[count])
                {
                    throw Differs(path, file.Number, problem);
                }

                count++;
            }
        }

        if (count != _expected.Count)
        {
            throw Differs(files[^1], count, $"expected {_expected.Count} rows, found {count}");
        }
    }

    private static InvalidDataException Differs(string path, long row, string? problem) =>
        new(
            $"{path}, row {row}: expected what the selected row says, found something else on reading it back"
                + $"{(problem is null ? "" : $" ({problem})")}; nothing was exported. This is a "
                + $"mistake in tsds: please "
                + "report it with the row."
        );

    private UInt128 HashOf(SelectedRow row) =>
        row.Conversation is { } conversation ? HashOf(conversation)
        : row.Schema == RowSchema.Pretokenized ? HashOf(row.Json.GetProperty("input_ids").GetRawText())
        : HashOf(writer.TextOf(row) ?? "");

    private UInt128 HashOf(ReadOnlyMemory<byte> line)
    {
        using JsonDocument document = JsonDocument.Parse(line);
        JsonElement row = document.RootElement;
        switch (layout.WrittenSchema)
        {
            case RowSchema.Pretokenized:
                return HashOf(row.GetProperty("input_ids").GetRawText());
            case RowSchema.TextField:
            case RowSchema.Text:
                return HashOf(row.GetProperty("text").GetString() ?? "");
        }

        if (layout.Form == ExportForm.Messages && layout.Schema is RowSchema.Text or RowSchema.TextField)
        {
            return HashOf(row.GetProperty("messages")[0].GetProperty("content").GetString() ?? "");
        }

        return HashOf(
            layout.Form == ExportForm.Preference
                ? ReadPreference(row)
                : ConversationReader.Read(row, layout.WrittenSchema, ListOf(row))
        );
    }

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
        Conversation conversation = layout.Rules.Preference switch
        {
            PreferenceForm.Columns or PreferenceForm.Conversations => ConversationReader.Read(
                row,
                RowSchema.Preference,
                list: ""
            ),
            PreferenceForm.Response => ReadResponse(row),
            _ => ConversationReader.ReadPreference(
                input.GetProperty(question),
                row.GetProperty(chosen),
                row.GetProperty(rejected)
            ),
        };
        return conversation with { Tools = ConversationReader.ReadTools(input) };
    }

    private static Conversation ReadResponse(JsonElement row)
    {
        JsonElement messages = row.GetProperty("messages");
        return ConversationReader.ReadPreference(default, messages, row.GetProperty("rejected_response"));
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
