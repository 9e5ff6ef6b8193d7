using Tsds.Data.Rows;

namespace Tsds.Jobs.Inputs;

/// <summary>Finds rows with the text of a given row, where runs of white space count as one space.</summary>
/// <remarks>
/// Texts are compared by 128 bits of SHA-256; 24 bytes or so are held for each given row, and nothing for the pool.
/// </remarks>
internal sealed class TextMatches
{
    private readonly NormalText _normal = new();
    private readonly Dictionary<UInt128, (GivenRows Rows, int Match)> _given = [];

    /// <summary>Adds given rows; of equal texts, the first counts.</summary>
    public void Add(GivenRows given)
    {
        for (int row = 0; row < given.Rows?.Count; row++)
        {
            if (_normal.HashOf(given.Rows[row].Text) is { } hash)
            {
                _given.TryAdd(hash, (given, row));
            }
        }
    }

    /// <summary>Finds the rows of the pool with these texts.</summary>
    public Dictionary<long, (GivenRows Rows, int Match)> Find(
        RowReader pool,
        IProgress<long>? progress,
        CancellationToken cancellationToken
    )
    {
        Dictionary<long, (GivenRows Rows, int Match)> found = [];
        foreach (Row row in pool.Read(RowFields.Text, progress, cancellationToken))
        {
            if (_normal.HashOf(row.Text) is { } hash && _given.TryGetValue(hash, out (GivenRows Rows, int Match) match))
            {
                found[row.Index] = match;
            }
        }

        return found;
    }
}
