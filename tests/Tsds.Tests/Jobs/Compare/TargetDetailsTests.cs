using Tsds.Data.Rows;
using Tsds.Jobs.Compare;

namespace Tsds.Tests.Jobs.Compare;

public sealed class TargetDetailsTests
{
    private static readonly EmbeddingMatrix Unused = new(new float[5], 1);

    [Fact]
    public void Read_SameTextOrWellKnownField_BelongTogether()
    {
        TargetDetails details = Read(
            null,
            """{"text":"one","conversation_id":7}""",
            """{"text":"two","conversation_id":8}""",
            """{"text":" ONE "}""",
            """{"text":"two","conversation_id":7}""",
            """{"text":"three","document_id":"d"}"""
        );

        // Rows 0 and 2 share a text, 1 and 3 too, and 0 and 3 a conversation.
        Assert.Equal(["0", "0", "0", "0", "4"], details.Groups);
        Assert.Equal("three", details.Texts![4]);
    }

    [Fact]
    public void Read_NamedField_GoesByItsValues()
    {
        string[] rows =
        [
            """{"text":"one","meta":{"topic":"x"}}""",
            """{"text":"two","meta":{"topic":"y"}}""",
            """{"text":"three","meta":{"topic":"x"}}""",
            """{"text":"four","meta":null}""",
            """{"text":"five"}""",
        ];
        Assert.Equal(["0", "1", "0", "3", "4"], Read("meta.topic", rows).Groups);
        Assert.Contains(
            "'topic'",
            Assert.Throws<ArgumentException>(() => Read("topic", rows)).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Read_VectorsAlone_GroupsEqualOnes()
    {
        TargetDetails details = TargetDetails.Read(
            null,
            new EmbeddingMatrix(new float[] { 1, 2, 1 }, 1),
            null,
            TestContext.Current.CancellationToken
        );
        Assert.Equal(["0", "1", "0"], details.Groups);
        Assert.Null(details.Texts);
        Assert.Throws<ArgumentException>(() =>
            TargetDetails.Read(null, Unused, "topic", TestContext.Current.CancellationToken)
        );
    }

    private static TargetDetails Read(string? field, params string[] rows)
    {
        using TempFolder folder = new();
        return TargetDetails.Read(
            new RowReader([folder.Write("rows.jsonl", string.Join('\n', rows))]),
            Unused,
            field,
            TestContext.Current.CancellationToken
        );
    }
}
