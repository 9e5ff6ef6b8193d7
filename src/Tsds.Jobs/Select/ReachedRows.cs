using Tsds.Data.Rows;
using Tsds.Data.Tokens;

namespace Tsds.Jobs.Select;

/// <summary>The tokens and sources of the rows that a plan reaches.</summary>
/// <param name="Tokens">Tokens of each, in the plan's order.</param>
/// <param name="Sources">Source of each.</param>
/// <param name="IsExact">True if no row's tokens were estimated.</param>
internal sealed record ReachedRows(long[] Tokens, string[] Sources, bool IsExact)
{
    /// <summary>Reads the tokens and sources in one pass over the pool.</summary>
    public static ReachedRows Read(
        RowReader rows,
        ReadOnlyMemory<long> candidateIds,
        TokenCount count,
        IProgress<long>? progress,
        CancellationToken cancellationToken
    )
    {
        long[] tokens = new long[candidateIds.Length];
        string[] sources = new string[candidateIds.Length];
        bool isExact = true;
        int position = 0;
        foreach (Row row in rows.Read(RowFields.Identity | RowFields.Tokens, candidateIds, progress, cancellationToken))
        {
            if (position < candidateIds.Length && row.Index == candidateIds.Span[position])
            {
                tokens[position] = row.TokensOf(count);
                sources[position++] = row.Source;
                isExact &= row.HasExactTokens;
            }
        }

        return new ReachedRows(tokens, sources, isExact);
    }
}
