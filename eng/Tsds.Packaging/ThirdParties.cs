using System.Text;
using System.Text.Json.Nodes;
using System.Xml.Linq;

namespace Tsds.Packaging;

/// <summary>
/// Writes down whose work is in a program: each package with its licence and the notices that it came with.
/// </summary>
internal static class ThirdParties
{
    private const string Mit = """
        Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated
        documentation files (the "Software"), to deal in the Software without restriction, including without limitation
        the rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and
        to permit persons to whom the Software is furnished to do so, subject to the following conditions:

        The above copyright notice and this permission notice shall be included in all copies or substantial portions of
        the Software.

        THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO
        THE WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE
        AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF
        CONTRACT, TORT OR OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS
        IN THE SOFTWARE.
        """;

    private static readonly string[] Notices = ["license", "licence", "notice", "thirdpartynotices", "third-party"];

    /// <summary>Returns the text for a program that was published from restored packages.</summary>
    /// <param name="assets">The file project.assets.json of its project.</param>
    /// <param name="rid">The platform.</param>
    public static string Describe(string assets, string rid)
    {
        JsonObject restored = JsonNode.Parse(File.ReadAllText(assets))!.AsObject();
        string store = restored["packageFolders"]!.AsObject().First().Key;
        JsonObject target = restored["targets"]!
            .AsObject()
            .Single(entry => entry.Key.EndsWith("/" + rid, StringComparison.Ordinal))
            .Value!.AsObject();
        StringBuilder text = new(
            "This program contains the work of others, under these licences. Where a package names the MIT licence\n"
                + "and came without its text, it is the text at the end; the Apache License 2.0 is the file LICENSE.\n"
        );
        IEnumerable<string> packages = target
            .Where(entry => IsPart(entry.Value!))
            .Select(entry => restored["libraries"]![entry.Key]!["path"]!.GetValue<string>())
            .Concat(Runtimes(restored, rid))
            .Order(StringComparer.Ordinal);
        Dictionary<string, string> told = [];
        foreach (string package in packages)
        {
            Append(text, told, Path.Combine(store, package));
        }

        return text.Append("\nMIT licence\n\n").Append(Mit).Append('\n').ToString();
    }

    private static bool IsPart(JsonNode library) =>
        library["type"]!.GetValue<string>() == "package" && (library["runtime"] ?? library["native"]) is not null;

    // The runtime itself is downloaded beside the packages of the project.
    private static IEnumerable<string> Runtimes(JsonObject restored, string rid) =>
        restored["project"]!["frameworks"]!.AsObject().First().Value!["downloadDependencies"]!
            .AsArray()
            .Select(download =>
                (
                    Name: download!["name"]!.GetValue<string>(),
                    Version: download["version"]!.GetValue<string>().TrimStart('[').Split(',')[0]
                )
            )
            .Where(download => download.Name.EndsWith("App.Runtime." + rid, StringComparison.Ordinal))
            .Select(download => $"{download.Name.ToLowerInvariant()}/{download.Version}");

    // Many packages of one house carry the same notices: they are written once.
    private static void Append(StringBuilder text, Dictionary<string, string> told, string folder)
    {
        string[] files = [.. Directory.GetFiles(folder).Order(StringComparer.Ordinal)];
        XElement metadata = XDocument
            .Load(files.Single(file => file.EndsWith(".nuspec", StringComparison.Ordinal)))
            .Root!.Elements()
            .First();
        string Field(string name) =>
            metadata.Elements().FirstOrDefault(element => element.Name.LocalName == name)?.Value.Trim() ?? "";
        text.Append("\n----------------------------------------------------------------------\n");
        text.Append($"{Field("id")} {Field("version")}, {Field("license")}, {Field("authors")}\n");
        foreach (string line in new[] { Field("copyright"), Field("projectUrl") }.Where(line => line.Length > 0))
        {
            text.Append(line).Append('\n');
        }

        foreach (string file in files.Where(IsNotice))
        {
            string notice = File.ReadAllText(file).Trim();
            bool isNew = told.TryAdd(notice, Field("id"));
            text.Append($"\n{Path.GetFileName(file)}:").Append(isNew ? "\n\n" : " as that of ");
            text.Append(isNew ? notice : told[notice]).Append('\n');
        }
    }

    private static bool IsNotice(string file) =>
        Path.GetExtension(file).ToUpperInvariant() is ".TXT" or ".MD" or ""
        && Notices.Any(word => Path.GetFileName(file).StartsWith(word, StringComparison.OrdinalIgnoreCase));
}
