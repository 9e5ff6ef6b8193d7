using System.Runtime.InteropServices;
using System.Text.Json;
using Tsds.Data.Rows;
using Tsds.Evaluation.Metrics;

namespace Tsds.Jobs.Compare;

/// <summary>The texts, sources and groups of the targets.</summary>
/// <param name="Texts">The text of each, or null if only vectors were given.</param>
/// <param name="Sources">The source of each, or null.</param>
/// <param name="Groups">The group of each: the first target of it, by its position.</param>
internal sealed record TargetDetails(
    IReadOnlyList<string>? Texts,
    IReadOnlyList<string>? Sources,
    IReadOnlyList<string> Groups
)
{
    /// <summary>The fields that many data sets use for the conversation or document of a row.</summary>
    private static readonly string[] KnownFields =
    [
        "conversation_id",
        "thread_id",
        "session_id",
        "document_id",
        "doc_id",
    ];

    /// <summary>
    /// Reads the targets and groups those with the same text (letter case and white space aside) or the same value of a
    /// field; without rows, those with the same embedding.
    /// </summary>
    /// <param name="rows">The targets' rows, or null.</param>
    /// <param name="embeddings">Their embeddings.</param>
    /// <param name="field">The field, a name or a dotted path; null for the first of a few well-known ones that a row
    /// has.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <exception cref="ArgumentException">There are no rows, or none has the field.</exception>
    public static TargetDetails Read(
        RowReader? rows,
        EmbeddingMatrix embeddings,
        string? field,
        CancellationToken cancellationToken
    )
    {
        if (rows is null)
        {
            return field is null
                ? new TargetDetails(
                    null,
                    null,
                    NamesOf([
                        .. Enumerable
                            .Range(0, embeddings.Count)
                            .Select(target => new[] { Convert.ToHexString(MemoryMarshal.AsBytes(embeddings[target])) }),
                    ])
                )
                : throw new ArgumentException("--group-field needs the rows of the targets: give them with --target.");
        }

        string[] fields = field is null ? KnownFields : [field];
        List<string> texts = [];
        List<string> sources = [];
        List<string[]> keys = [];
        bool isFound = false;
        foreach (Row row in rows.Read(RowFields.All, null, cancellationToken))
        {
            texts.Add(row.Text);
            sources.Add(row.Source);
            string? value = ValueOf(row.Utf8, fields);
            isFound |= value is not null;
            string text = "text " + LeakRate.Fold(row.Text);
            keys.Add(value is null ? [text] : [text, "field " + value]);
        }

        return isFound || field is null
            ? new TargetDetails(texts, sources, NamesOf(keys))
            : throw new ArgumentException(
                $"--group-field: expected rows of targets with the field '{field}', found none."
            );
    }

    /// <summary>Groups targets that share a key, transitively, and returns the name of each target's group.</summary>
    private static string[] NamesOf(List<string[]> keys)
    {
        int[] parents = [.. Enumerable.Range(0, keys.Count)];
        Dictionary<string, int> first = new(StringComparer.Ordinal);
        for (int target = 0; target < keys.Count; target++)
        {
            foreach (string key in keys[target])
            {
                if (!first.TryAdd(key, target))
                {
                    int root = RootOf(parents, first[key]);
                    int other = RootOf(parents, target);
                    parents[Math.Max(root, other)] = Math.Min(root, other);
                }
            }
        }

        return [.. parents.Select((_, target) => $"{RootOf(parents, target)}")];
    }

    private static int RootOf(int[] parents, int target)
    {
        while (parents[target] != target)
        {
            target = parents[target] = parents[parents[target]];
        }

        return target;
    }

    private static string? ValueOf(ReadOnlyMemory<byte> row, IReadOnlyList<string> fields)
    {
        using JsonDocument document = JsonDocument.Parse(row, new JsonDocumentOptions { MaxDepth = 256 });
        foreach (string field in fields)
        {
            JsonElement value = document.RootElement;
            bool isFound = field
                .Split('.')
                .All(part => value.ValueKind == JsonValueKind.Object && value.TryGetProperty(part, out value));
            if (isFound && value.ValueKind != JsonValueKind.Null)
            {
                return value.GetRawText();
            }
        }

        return null;
    }
}
