using System.Globalization;
using Tsds.Data.Files;

namespace Tsds.Jobs.Inputs;

/// <summary>Represents rows of a pool that a file names by their numbers.</summary>
internal sealed record RowNumbers
{
    private const int LongestLine = 32;

    private RowNumbers(string path, long[] rows) => (Path, Rows) = (path, rows);

    /// <summary>Gets the file, as it was given.</summary>
    public string Path { get; }

    /// <summary>Gets the numbers, ascending, none twice.</summary>
    public IReadOnlyList<long> Rows { get; }

    /// <summary>Reads a file of numbers.</summary>
    /// <param name="path">The file, as it was given.</param>
    /// <param name="root">The folder that it starts from, or null.</param>
    /// <param name="count">The number of rows of the pool.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">A line is not the number of a row.</exception>
    public static RowNumbers Read(string path, string? root, long count)
    {
        string located = Find(path, root);
        SortedSet<long> rows = [];
        int line = 0;
        foreach (string text in File.ReadLines(located))
        {
            line++;
            string trimmed = text.Trim();
            if (trimmed.Length == 0)
            {
                continue;
            }

            bool isRow =
                long.TryParse(trimmed, NumberStyles.None, CultureInfo.InvariantCulture, out long row) && row < count;
            rows.Add(
                isRow
                    ? row
                    : throw new InvalidDataException(
                        $"{path}, line {line}: expected the number of a row of the pool, from 0 to {count - 1}, found "
                            + $"'{trimmed[..Math.Min(trimmed.Length, LongestLine)]}'."
                    )
            );
        }

        return new RowNumbers(path, [.. rows]);
    }

    /// <summary>Finds a file of numbers.</summary>
    /// <param name="path">The file, as it was given.</param>
    /// <param name="root">The folder that it starts from, or null.</param>
    /// <returns>The path to read.</returns>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    public static string Find(string path, string? root)
    {
        string located = root is null ? path : System.IO.Path.Combine(root, path);
        return File.Exists(located)
            ? located
            : throw new FileNotFoundException($"Expected a file of row numbers at {path}, found none.");
    }

    /// <summary>Writes numbers to a file, one a line.</summary>
    /// <param name="path">The file.</param>
    /// <param name="rows">The numbers, ascending.</param>
    public static void Write(string path, IEnumerable<long> rows) =>
        AtomicFile.WriteText(
            path,
            string.Concat(rows.Select(row => row.ToString(CultureInfo.InvariantCulture) + "\n"))
        );
}
