using System.Text.Json;

namespace Tsds.Data.Tokens;

/// <summary>Reads the tokens that a tokenizer puts before and after each text, such as [CLS] and [SEP].</summary>
internal static class SpecialTokens
{
    /// <summary>Reads the special tokens around a single text from the file's <c>post_processor</c>.</summary>
    /// <param name="root">The root of the file.</param>
    /// <param name="unsupported">Creates the error for what is not supported, from what was expected and found.</param>
    public static (int[] Before, int[] After) Read(
        JsonElement? root,
        Func<string, string, InvalidDataException> unsupported
    )
    {
        JsonElement? processor = root.Member("post_processor");
        if (processor.Text("type") == "Sequence")
        {
            JsonElement[] steps =
            [
                .. processor.Items("processors").Where(step => ((JsonElement?)step).Text("type") != "ByteLevel"),
            ];
            processor = steps.Length switch
            {
                0 => null,
                1 => steps[0],
                _ => throw unsupported("one post_processor beside ByteLevel", $"{steps.Length}"),
            };
        }

        return processor.Text("type") switch
        {
            null or "ByteLevel" => ([], []),
            "TemplateProcessing" => Template(processor, unsupported),
            "BertProcessing" or "RobertaProcessing" => ([PairId(processor, "cls")], [PairId(processor, "sep")]),
            { } other => throw unsupported(
                "a post_processor TemplateProcessing, BertProcessing, RobertaProcessing or ByteLevel",
                other
            ),
        };
    }

    private static int PairId(JsonElement? processor, string name) => processor.Items(name).Last().GetInt32();

    private static (int[] Before, int[] After) Template(
        JsonElement? processor,
        Func<string, string, InvalidDataException> unsupported
    )
    {
        List<int> before = [];
        List<int> after = [];
        bool isAfter = false;
        foreach (JsonElement? piece in processor.Items("single").Select(item => (JsonElement?)item))
        {
            if (piece.Member("Sequence") is not null)
            {
                isAfter = true;
                continue;
            }

            string name =
                piece.Member("SpecialToken").Text("id")
                ?? throw unsupported("SpecialToken and Sequence in a TemplateProcessing", piece.ToString() ?? "");
            IEnumerable<int> ids = processor
                .Member("special_tokens")
                .Member(name)
                .Items("ids")
                .Select(id => id.GetInt32());
            (isAfter ? after : before).AddRange(ids);
        }

        return ([.. before], [.. after]);
    }
}
