using Tsds.Data.Files;

namespace Tsds.Data.Rows;

/// <summary>The properties of one file that a complete pass determined and later passes use.</summary>
/// <param name="File">The facts for the user.</param>
/// <param name="Schema">The schema recognized from the first rows; null when none of them could be read.</param>
/// <param name="SkippedLines">The numbers of the lines left out, ascending, from 1.</param>
internal sealed record RowFileState(InputFile File, RowSchema? Schema, IReadOnlyList<long> SkippedLines);
