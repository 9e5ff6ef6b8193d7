using System.Text;

namespace Tsds.Tests.Data.Rows;

public sealed class RowFuzzTests
{
    private const string Valid = """
        {"id":1,"text":"plain \u00e4\ud83d\ude00","source":"s","meta":{"text":"inner"}}
        {"id":"2","messages":[{"role":"user","content":[{"type":"text","text":"u"}]},{"role":"assistant","content":null,"tool_calls":[{}]}]}
        {"conversations":[{"from":"human","value":"h"},{"from":"gpt","value":"g"}],"system":"s"}
        {"instruction":"i","input":"","output":"o","history":[["a","b"]]}
        {"prompt":[{"role":"user","content":"p"}],"chosen":"c","rejected":[]}
        {"prompt":"p","completion":"c","title":"t"}

        {"query":"q","response":"r","input_ids":[1,2,3]}
        """;

    // Inputs that once looked likely to break something, kept whatever became of them.
    public static TheoryData<string> Interesting =>
        [
            "",
            "\n",
            "\uFEFF",
            "\uFEFF\uFEFF{}",
            "\0",
            "{",
            "[",
            "\"",
            "{\"",
            "{}{}",
            "{\"text\":\"\\",
            "{\"text\":\"\\ud800\\udc00\"}",
            "{\"text\":\"\\udc00\"}",
            "{\"\\ud800\":1}",
            "{\"messages\":[{\"\\ud800\":1}]}",
            "{\"messages\":[{\"role\":\"\\ud800\",\"content\":\"x\"}]}",
            "{\"messages\":[{\"role\":\"user\",\"content\":\"\\ud800\"}]}",
            "{\"text\":\"t\",\"id\":\"\\ud800\",\"source\":\"\\ud800\"}",
            "{\"meta\":{\"\\ud800\":1},\"text\":\"t\"}",
            "{\"text\":\"t\",\"title\":\"\\ud800\"}",
            "{\"id\":1e999,\"text\":\"t\"}",
            "{\"messages\":[[]]}",
            "{\"messages\":[{}]}",
            "{\"messages\":{}}",
            "{\"history\":[[]],\"query\":\"\",\"response\":\"\"}",
            "{\"text\":\"t\"}\r\r\n\r",
            "/* comment */ {\"text\":\"t\"}",
            "{\"text\":\"t\",}",
            "{\"text\":\"t\"}\u2028{\"text\":\"t\"}",
        ];

    [Theory]
    [MemberData(nameof(Interesting))]
    public void Run_Interesting_IsReadOrRefused(string input)
    {
        using var folder = new TempFolder();
        RowFuzz.Run(Encoding.UTF8.GetBytes(input), ".jsonl", folder);
        RowFuzz.Run(Encoding.UTF8.GetBytes(input), ".jsonl.gz", folder);
        RowFuzz.Run(Encoding.UTF8.GetBytes(input), ".jsonl.zst", folder);
    }

    [Theory]
    [InlineData(".jsonl", 1000)]
    [InlineData(".jsonl.gz", 500)]
    [InlineData(".jsonl.zst", 500)]
    public void Run_MutatedValidFile_IsReadOrRefused(string container, int count)
    {
        using var folder = new TempFolder();
        byte[] valid = Encoding.UTF8.GetBytes(Valid);
        byte[] file =
            container == ".jsonl" ? valid
            : container == ".jsonl.gz" ? Compressed.Gzip(valid)
            : Compressed.Zstandard(valid);
        for (int seed = 0; seed < count; seed++)
        {
            RowFuzz.Run(RowFuzz.Mutate(file, new Random(seed)), container, folder);
        }
    }
}
