using Tsds.Data.Files;

namespace Tsds.Data.Rows;

/// <summary>What a complete pass learned about one file, and a later pass relies on.</summary>
/// <param name="File">The facts for the user.</param>
/// <param name="Schema">The schema recognized from the first rows; null when none of them could be read.</param>
/// <param name="SkippedLines">The numbers of the lines left out, ascending, from 1.</param>
internal sealed record RowFileState(InputFile File, RowSchema? Schema, IReadOnlyList<long> SkippedLines);
