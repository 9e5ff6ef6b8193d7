using Tsds.Jobs.Bundle;
using Tsds.Tests.Evaluation.Metrics;

namespace Tsds.Tests.Jobs.Bundle;

public sealed class AlikeRowsTests
{
    private const int Alike = 50;
    private const int Dimension = 6;

    [Theory]
    [InlineData(20, 40, true, false)]
    [InlineData(200, 40, true, true)]
    [InlineData(200, 40, false, true)]
    [InlineData(200, 5, true, false)]
    public async Task CountAsync_Budget_IsLargerThanWhatIsAlike(
        int budget,
        int targetCount,
        bool hasRelevance,
        bool isLarger
    )
    {
        // Fifty rows of the targets' kind, and four hundred of another.
        EmbeddingMatrix targets = Vectors.Random(targetCount, Dimension, 1, shift: 3);
        EmbeddingMatrix alike = Vectors.Random(Alike, Dimension, 2, shift: 3);
        EmbeddingMatrix others = Vectors.Random(400, Dimension, 3, shift: -3);
        using CandidatePool pool = CandidatePool.FromEmbeddings(
            new EmbeddingMatrix((float[])[.. alike.Values.Span, .. others.Values.Span], Dimension)
        );
        SelectionResult result = await DataSelector.SelectAsync(
            pool,
            targets,
            new SelectionOptions { Budget = budget, Relevance = hasRelevance ? 0.4 : 0 },
            null,
            TestContext.Current.CancellationToken
        );
        long? found = await AlikeRows.CountAsync(
            result,
            targets.Normalize(Normalization.L2),
            2,
            TestContext.Current.CancellationToken
        );
        if (isLarger)
        {
            Assert.InRange(found ?? -1, Alike / 2, Alike);
        }
        else
        {
            Assert.Null(found);
        }
    }
}
