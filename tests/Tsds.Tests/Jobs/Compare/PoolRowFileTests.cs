using System.Text.Json;
using CsCheck;
using Tsds.Data.Rows;
using Tsds.Evaluation.Methods;
using Tsds.Jobs.Compare;

namespace Tsds.Tests.Jobs.Compare;

public sealed class PoolRowFileTests
{
    [Fact]
    public void Create_AnyTexts_GivesThemBackHereAndThere() =>
        Gen
            .String.Where(text =>
                !string.IsNullOrWhiteSpace(text)
                && text == JsonSerializer.Deserialize<string>(JsonSerializer.Serialize(text))
            )
            .Array[1, 6]
            .Sample(
                texts =>
                {
                    using TempFolder folder = new();
                    string rows = string.Join(
                        '\n',
                        texts.Select(
                            (text, row) => $$"""{"text":{{JsonSerializer.Serialize(text)}},"source":"s{{row % 2}}"}"""
                        )
                    );
                    RowReader reader = new([folder.Write("rows.jsonl", rows)]);
                    string[] expected = [.. reader.Read().Select(row => row.Text)];
                    using PoolRowFile file = PoolRowFile.Create(
                        reader,
                        Path.Combine(folder.Root, "texts"),
                        null,
                        CancellationToken.None
                    );
                    Assert.Equal(expected, file);
                    Assert.Equal(texts.Length, file.Count);
                    long last = texts.Length - 1;
                    CandidateRow candidate = Assert.Single(file.Read([last]));
                    Assert.Equal(new CandidateRow(last, expected[^1], $"s{last % 2}"), candidate);
                    Assert.All(file.Tokens, tokens => Assert.True(tokens >= 0));
                },
                iter: 30
            );
}
