using System.Text.Json;
using Tsds.Data.Rows;
using Tsds.Data.Tokens;
using Tsds.Jobs.Inputs;

namespace Tsds.Jobs.Explore;

/// <summary>
/// Represents what is known of every row of a pool beside its embedding: source, fields, tokens, text.
/// </summary>
internal sealed class RowFacts : IDisposable
{
    private const int MostFields = 16;
    private const int MostNames = 64;

    private readonly Dictionary<string, RowColumn> _fields = new(StringComparer.Ordinal);
    private readonly List<string> _sources = [];
    private readonly Dictionary<string, int> _sourceCodes = new(StringComparer.Ordinal);
    private readonly List<int> _sourceOf = [];
    private readonly List<int> _files = [];
    private readonly List<int> _lines = [];
    private readonly List<int> _tokens = [];
    private string[] _paths = [];

    private RowFacts(RowTexts? texts) => Texts = texts;

    /// <summary>Gets the texts; null where only vectors were given.</summary>
    public RowTexts? Texts { get; }

    /// <summary>Gets the names of the sources by code.</summary>
    public IReadOnlyList<string> Sources => _sources;

    /// <summary>Gets the code of the source of each row; empty where only vectors were given.</summary>
    public IReadOnlyList<int> SourceOf => _sourceOf;

    /// <summary>Gets the tokens of each row; empty where the budget is in rows.</summary>
    public IReadOnlyList<int> Tokens => _tokens;

    /// <summary>Gets a value indicating whether no row's tokens were estimated.</summary>
    public bool HasExactTokens { get; private set; } = true;

    /// <summary>Gets the fields that tell rows apart, by name.</summary>
    public IEnumerable<KeyValuePair<string, RowColumn>> Fields =>
        _fields
            .Where(pair => !pair.Value.IsUseless && (pair.Value.IsNumber || pair.Value.Values.Count > 1))
            .Take(MostFields);

    /// <summary>Reads all rows of a pool once.</summary>
    /// <param name="context">The job.</param>
    /// <param name="rows">The rows, or null where only vectors were given.</param>
    public static RowFacts Read(JobContext context, RowReader? rows)
    {
        if (rows is null)
        {
            return new RowFacts(null);
        }

        RowFacts facts = new(new RowTexts(context.Scratch.ScratchPathOf("texts.bin")));
        try
        {
            bool counts = context.Spec.Budget.Tokens > 0;
            RowFields wanted = RowFields.All | (counts ? RowFields.Tokens : RowFields.None);
            foreach (
                Row row in rows.Read(wanted, context.ReadingProgress(context.Files.PoolFiles), context.Cancellation)
            )
            {
                facts.Add(row, counts ? context.Spec.Count : null);
            }

            facts.Texts!.Complete();
            facts._paths = [.. rows.Files.Select(file => file.Path)];
            return facts;
        }
        catch
        {
            facts.Dispose();
            throw;
        }
    }

    /// <summary>Gets the place of a row.</summary>
    /// <param name="row">The row.</param>
    /// <returns>Its file and its line, from 1.</returns>
    public (string File, long Line) PlaceOf(long row) => (_paths[_files[(int)row]], _lines[(int)row]);

    /// <summary>Gets the name of the source of a row, or null where only vectors were given.</summary>
    /// <param name="row">The row.</param>
    public string? SourceNameOf(long row) => _sourceOf.Count == 0 ? null : _sources[_sourceOf[(int)row]];

    /// <summary>Releases the texts.</summary>
    public void Dispose() => Texts?.Dispose();

    private void Add(in Row row, TokenCount? count)
    {
        Texts!.Add(row);
        if (!_sourceCodes.TryGetValue(row.Source, out int source))
        {
            source = _sources.Count;
            _sourceCodes.Add(row.Source, source);
            _sources.Add(row.Source);
        }

        _sourceOf.Add(source);
        _files.Add(row.FileIndex);
        _lines.Add(checked((int)Math.Min(row.Line, int.MaxValue)));
        if (count is { } counted)
        {
            _tokens.Add(checked((int)Math.Min(row.TokensOf(counted), int.MaxValue)));
            HasExactTokens &= row.HasExactTokens;
        }

        AddFields(checked((int)row.Index), row.Utf8.Span);
    }

    /// <summary>Adds the values of a row that are neither lists nor objects.</summary>
    private void AddFields(int row, ReadOnlySpan<byte> utf8)
    {
        try
        {
            Utf8JsonReader reader = new(utf8, new JsonReaderOptions { AllowTrailingCommas = true });
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            {
                return;
            }

            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                RowColumn? column = ColumnOf(reader.GetString()!);
                reader.Read();
                if (column is not null && !column.IsUseless)
                {
                    Set(column, row, ref reader);
                }

                reader.Skip();
            }
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // A row whose text is found all the same; it has no fields to show.
        }
    }

    private RowColumn? ColumnOf(string name)
    {
        if (!_fields.TryGetValue(name, out RowColumn? column) && _fields.Count < MostNames)
        {
            column = new RowColumn();
            _fields.Add(name, column);
        }

        return column;
    }

    private static void Set(RowColumn column, int row, ref Utf8JsonReader reader)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.String:
                column.Set(row, reader.GetString()!, null);
                break;
            case JsonTokenType.Number:
                double number = reader.GetDouble();
                column.Set(row, number.ToString("R", System.Globalization.CultureInfo.InvariantCulture), number);
                break;
            case JsonTokenType.True or JsonTokenType.False:
                column.Set(row, reader.GetBoolean() ? "true" : "false", null);
                break;
        }
    }
}
