using System.Text.Json;
using Tsds.Data.Files;

namespace Tsds.Jobs.Bundle;

/// <summary>
/// The part of a manifest that tells of the selected rows: how they were read, and their hash when they were written.
/// Unlike <see cref="SelectionManifest"/> it is read from any manifest, that of a later version too, because rows can
/// be used whoever selected them.
/// </summary>
/// <param name="Options">The options, of which two tell how rows are read.</param>
/// <param name="Outputs">The files of the selection; null in a manifest that names none.</param>
internal sealed record SelectedRows(SelectedRows.Reading? Options, IReadOnlyList<OutputRecord>? Outputs)
{
    /// <summary>Reads it from the manifest of a selection.</summary>
    /// <param name="selection">The folder of the selection.</param>
    /// <returns>Null if there is no manifest.</returns>
    /// <exception cref="InvalidDataException">The file is no manifest.</exception>
    public static SelectedRows? Read(string selection)
    {
        string path = Path.Combine(selection, SelectionFiles.Manifest);
        if (!File.Exists(path))
        {
            return null;
        }

        try
        {
            if (
                JsonSerializer.Deserialize(File.ReadAllBytes(path), BundleJson.Default.SelectedRows) is
                { Options: not null } rows
            )
            {
                return rows;
            }
        }
        catch (JsonException)
        {
            // Neither is a file without options, which every manifest has.
        }

        throw new InvalidDataException(
            $"Expected a manifest of tsds at {Path.GetFullPath(path)}, found something else; select again to get one."
        );
    }

    /// <summary>Determines whether the rows of a selection were changed after they were written.</summary>
    /// <param name="selected">The file of the rows.</param>
    /// <returns>False too where the manifest has no hash of them.</returns>
    public bool AreEdited(string selected) =>
        Outputs?.FirstOrDefault(file => file.Name == SelectionFiles.Selected)?.Sha256 is { } hash
        && FileHash.Of(selected) != hash;

    /// <summary>The options of a manifest that tell how rows are read.</summary>
    /// <param name="TextField">The field of the text, or null.</param>
    /// <param name="Schema">The schema of all rows, or null.</param>
    internal sealed record Reading(string? TextField, string? Schema);
}
