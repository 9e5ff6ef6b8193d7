using System.Reflection;
using System.Security.Cryptography;
using System.Text;

namespace Tsds.Jobs.Report;

/// <summary>
/// The frame of a report: one file that loads nothing, runs no script, and follows the reader's color scheme.
/// </summary>
internal static class ReportPage
{
    private static readonly string Css = ReadStyle();

    /// <summary>
    /// The content security policy, which allows this style sheet and nothing else: anything that got past the escaping
    /// would remain text.
    /// </summary>
    private static readonly string Policy =
        $"default-src 'none'; style-src "
        + $"'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Css)))}'; base-uri 'none'; "
        + $"form-action 'none'";

    /// <summary>Writes a page.</summary>
    /// <param name="output">Receives UTF-8; stays open.</param>
    /// <param name="title">The title of the window.</param>
    /// <param name="writeContent">Writes what stands on the page.</param>
    public static void Write(Stream output, string title, Action<HtmlWriter> writeContent)
    {
        using StreamWriter writer = new(output, new UTF8Encoding(false), 1 << 16, leaveOpen: true) { NewLine = "\n" };
        writer.Write("<!DOCTYPE html>\n");
        HtmlWriter html = new(writer);
        using (html.Open("html", ("lang", "en")))
        {
            using (html.Open("head"))
            {
                html.Void("meta", ("charset", "utf-8"));
                html.Void("meta", ("http-equiv", "Content-Security-Policy"), ("content", Policy));
                html.Void("meta", ("name", "viewport"), ("content", "width=device-width, initial-scale=1"));
                html.Void("meta", ("name", "color-scheme"), ("content", "light dark"));
                html.Element("title", title);
                html.Style(Css);
            }

            using (html.Open("body"))
            {
                using (html.Open("main"))
                {
                    writeContent(html);
                }
            }
        }

        writer.Write('\n');
    }

    private static string ReadStyle()
    {
        using Stream stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("report.css")!;
        using StreamReader reader = new(stream, Encoding.UTF8);
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }
}
