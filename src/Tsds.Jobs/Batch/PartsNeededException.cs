using System.Globalization;

namespace Tsds.Jobs.Batch;

/// <summary>
/// The exception thrown when a selection cannot continue before tasks have written their parts: see
/// <see cref="MergeJob"/>.
/// </summary>
public sealed class PartsNeededException : Exception
{
    internal PartsNeededException(
        int round,
        SelectionStage stage,
        string work,
        int count,
        IReadOnlyList<int> missing,
        IReadOnlyList<string> damaged
    )
        : base(Describe(round, stage, work, count, missing, damaged))
    {
        Round = round;
        Stage = stage;
        Count = count;
        Missing = missing;
        Damaged = damaged;
    }

    /// <summary>Gets the round that has to be answered, from 1.</summary>
    public int Round { get; }

    /// <summary>
    /// Gets the kind of the missing search: <see cref="SelectionStage.Neighbors"/> or
    /// <see cref="SelectionStage.Densities"/>.
    /// </summary>
    public SelectionStage Stage { get; }

    /// <summary>Gets the number of parts that the round is split into; 0 while there is none.</summary>
    public int Count { get; }

    /// <summary>Gets the parts that are not there, or damaged, ascending; empty while there is none at all.</summary>
    public IReadOnlyList<int> Missing { get; }

    /// <summary>Gets the files of the damaged ones among them.</summary>
    public IReadOnlyList<string> Damaged { get; }

    private static string Describe(
        int round,
        SelectionStage stage,
        string work,
        int count,
        IReadOnlyList<int> missing,
        IReadOnlyList<string> damaged
    )
    {
        string word = WorkFolder.WordFor(stage);
        if (count == 0)
        {
            return string.Create(
                CultureInfo.InvariantCulture,
                $"round {round} asks for {word}: run 'tsds shard {word} --work {work} --index I --of N' for "
                    + $"each I from 0 to N - 1, then the same 'tsds merge' again."
            );
        }

        string broken = damaged.Count > 0 ? $" ({string.Join(", ", damaged)} damaged)" : "";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"round {round} expected {count} parts, found {count - missing.Count}{broken}: run 'tsds shard "
                + $"{word} --work {work} --index I --of {count}' for I = {string.Join(", ", missing)}, then the "
                + $"same 'tsds merge' again."
        );
    }
}
