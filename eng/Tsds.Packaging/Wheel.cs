using System.Security.Cryptography;
using System.Text;

namespace Tsds.Packaging;

/// <summary>
/// Writes a wheel: a zip file of what lies in site-packages, with a description, and the hash of every file.
/// </summary>
/// <param name="Name">The name of the distribution.</param>
/// <param name="Version">Its version.</param>
/// <param name="Platform">The platform tag; <c>any</c> for files that run nowhere.</param>
internal sealed record Wheel(string Name, string Version, string Platform)
{
    /// <summary>Gets the name of the file.</summary>
    public string FileName => $"{Name.Replace('-', '_')}-{Version}-py3-none-{Platform}.whl";

    private string Info => $"{Name.Replace('-', '_')}-{Version}.dist-info";

    /// <summary>Writes the wheel.</summary>
    /// <param name="folder">The folder that receives it.</param>
    /// <param name="files">The files of site-packages.</param>
    /// <param name="metadata">The fields of METADATA behind name and version, and the description.</param>
    /// <param name="entryPoints">The content of entry_points.txt, or null if nothing is called.</param>
    /// <param name="licences">The files with licences, by name.</param>
    /// <returns>The path.</returns>
    public string Write(
        string folder,
        IEnumerable<PackedFile> files,
        string metadata,
        string? entryPoints,
        IEnumerable<PackedFile> licences
    )
    {
        List<PackedFile> all =
        [
            .. files,
            .. licences.Select(licence => licence with { Path = $"{Info}/licenses/{licence.Path}" }),
            new($"{Info}/METADATA", null, $"Metadata-Version: 2.4\nName: {Name}\nVersion: {Version}\n{metadata}"),
            new(
                $"{Info}/WHEEL",
                null,
                $"Wheel-Version: 1.0\nGenerator: Tsds.Packaging\n"
                    + $"Root-Is-Purelib: {(Platform == "any" ? "true" : "false")}\nTag: py3-none-{Platform}\n"
            ),
        ];
        if (entryPoints is not null)
        {
            all.Add(new($"{Info}/entry_points.txt", null, entryPoints));
        }

        string record = $"{Info}/RECORD";
        StringBuilder lines = new();
        foreach (PackedFile file in all.OrderBy(file => file.Path, StringComparer.Ordinal))
        {
            using Stream content = file.Open();
            string hash = Convert
                .ToBase64String(SHA256.HashData(content))
                .Replace('+', '-')
                .Replace('/', '_')
                .TrimEnd('=');
            lines.Append(file.Path).Append(",sha256=").Append(hash).Append(',').Append(content.Length).Append('\n');
        }

        lines.Append(record).Append(",,\n");
        all.Add(new(record, null, lines.ToString()));
        string path = Path.Combine(folder, FileName);
        Archive.WriteZip(path, all);
        return path;
    }
}
