using Tsds.Evaluation.Methods;

namespace Tsds.Tests.Evaluation.Methods;

public sealed class MissingNeedsTests
{
    private const MethodNeeds All =
        MethodNeeds.Texts | MethodNeeds.Sources | MethodNeeds.GradientFeatures | MethodNeeds.UnitVectors;

    [Theory]
    [InlineData("dsir", nameof(MethodNeeds.Texts), "the texts of pool and targets for dsir, found vectors alone")]
    [InlineData(
        "random-balanced",
        nameof(MethodNeeds.Sources),
        "the sources of the pool's rows for random-balanced, found vectors alone"
    )]
    [InlineData("less", nameof(MethodNeeds.GradientFeatures), "gradient features for less, found rows alone")]
    [InlineData(
        "facloc",
        nameof(MethodNeeds.UnitVectors),
        "normalized embeddings for facloc, which compares directions, found others"
    )]
    public void Describe_OneNeedNotMet_SaysWhich(string name, string missing, string part)
    {
        ISelectionMethod method = SelectionMethods.Find(name);
        Assert.Contains(
            part,
            MissingNeeds.Describe(method, All & ~Enum.Parse<MethodNeeds>(missing)),
            StringComparison.Ordinal
        );
        Assert.Null(MissingNeeds.Describe(method, All));
    }

    [Fact]
    public void Check_VectorsAlone_RefusesWhatReadsTexts()
    {
        using CandidatePool pool = CandidatePool.FromEmbeddings(new EmbeddingMatrix(new float[] { 1, 0, 0, 1 }, 2));
        MethodInputs inputs = new()
        {
            Pool = pool,
            Targets = new EmbeddingMatrix(new float[] { 1, 0 }, 2),
            Budget = 1,
        };
        InvalidOperationException refused = Assert.Throws<InvalidOperationException>(() =>
            inputs.Check(SelectionMethods.Find("bm25"))
        );
        Assert.Contains("give rows with --pool and --target", refused.Message, StringComparison.Ordinal);
        inputs.Check(SelectionMethods.Find("less"));
    }
}
