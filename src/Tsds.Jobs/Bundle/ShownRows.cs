using Tsds.Data.Rows;

namespace Tsds.Jobs.Bundle;

/// <summary>The rows that a report shows, collected in the same pass that copies the selected rows.</summary>
internal sealed class ShownRows(IEnumerable<long> rows)
{
    /// <summary>The number of characters kept of a text. Reports show much less, but rows may have megabytes.</summary>
    private const int MostCharacters = 2_000;

    private readonly Dictionary<long, ReportedRow> _found = [];

    /// <summary>Gets the rows to collect, ascending, each once.</summary>
    public long[] Wanted { get; } = [.. rows.Distinct().Order()];

    /// <summary>Gets the rows collected so far.</summary>
    public IReadOnlyDictionary<long, ReportedRow> Found => _found;

    /// <summary>Keeps a row if it is the next one to show; rows must be offered in their order.</summary>
    public void Offer(Row row, string file)
    {
        if (_found.Count < Wanted.Length && Wanted[_found.Count] == row.Index)
        {
            string text = row.Text.Length > MostCharacters ? row.Text[..MostCharacters] : row.Text;
            _found.Add(row.Index, new ReportedRow(row.Id, row.Source, file, row.Line, text));
        }
    }
}
