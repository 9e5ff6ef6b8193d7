using CsCheck;
using Tsds.Evaluation.Methods;

namespace Tsds.Tests.Evaluation.Methods;

public sealed class TurnMethodTests
{
    [Fact]
    public void Rds_TakenRow_ConsumesTheTurn()
    {
        // Targets at 0° and 10° both want row 0 at 4° first. Without refill the second one's turn passes; with refill
        // it takes row 1 at 12°.
        MethodInputs inputs = BaselineInputs.Create(
            BaselineInputs.Circle(4, 12, -5, 60),
            BaselineInputs.Circle(0, 7),
            2
        );
        Assert.Equal([0, 2], BaselineInputs.Select("rds+", inputs));
        Assert.Equal([0, 1], BaselineInputs.Select("rds+refill", inputs));
    }

    [Theory]
    [InlineData("rds+", false)]
    [InlineData("rds+refill", true)]
    public void Rds_AnyPool_IsTheDefinition(string method, bool refills) =>
        BaselineInputs.All.Sample(inputs =>
        {
            long[] chosen = BaselineInputs.Select(method, inputs);
            double[][] similarity =
            [
                .. Enumerable
                    .Range(0, inputs.Targets.Count)
                    .Select(target =>
                        Enumerable
                            .Range(0, (int)inputs.Pool.Count)
                            .Select(id => BaselineInputs.Cosine(inputs, id, target))
                            .ToArray()
                    ),
            ];

            // Rows equally similar except for rounding may come in any order.
            if (
                similarity.Any(row =>
                    inputs.EnumerateIds().Select(id => row[id]).Order().ToArray() is var sorted
                    && sorted.Zip(sorted.Skip(1)).Any(pair => pair.Second - pair.First < 1e-6)
                )
            )
            {
                return;
            }

            Queue<long>[] lists =
            [
                .. similarity.Select(row => new Queue<long>(inputs.EnumerateIds().OrderByDescending(id => row[id]))),
            ];
            List<long> expected = [];
            while (expected.Count < inputs.Budget)
            {
                foreach (Queue<long> list in lists.Where(_ => expected.Count < inputs.Budget))
                {
                    long next = list.Dequeue();
                    while (refills && expected.Contains(next))
                    {
                        next = list.Dequeue();
                    }

                    if (!expected.Contains(next))
                    {
                        expected.Add(next);
                    }
                }
            }

            Assert.Equal(expected, chosen);
        });

    [Fact]
    public void Less_TwoTasks_ScoresByTheMeanOfEach()
    {
        // Task 0 at 0° and 20°, task 1 at 90°. Row 0 at 90° has 1 in task 1; row 1 at 10° cos 10° in task 0; row 2 at
        // 50° at most cos 40° in task 1 or (cos 50° + cos 30°)/2.
        MethodInputs inputs = BaselineInputs.Create(
            BaselineInputs.Circle(90, 10, 50),
            BaselineInputs.Circle(0, 20, 90),
            3
        ) with
        {
            TargetTasks = [0, 0, 1],
        };
        Assert.Equal([0, 1, 2], BaselineInputs.Select("less", inputs));
        Assert.Equal(
            [1, Math.Cos(Math.PI / 18), Math.Cos(40 * Math.PI / 180)],
            BaselineInputs.Scores("less", inputs).Select(score => Math.Round(score, 6)).ToArray(),
            (x, y) => Math.Abs(x - y) < 1e-5
        );
    }

    [Fact]
    public void Less_AnyPool_IsTheDefinition() =>
        BaselineInputs.All.Sample(inputs =>
        {
            inputs = inputs with
            {
                TargetTasks = [.. Enumerable.Range(0, inputs.Targets.Count).Select(target => target % 2)],
            };
            double Score(long id) =>
                Enumerable
                    .Range(0, inputs.Targets.Count)
                    .GroupBy(target => target % 2)
                    .Max(task => task.Average(target => BaselineInputs.Cosine(inputs, id, target)));
            Assert.Equal("", BaselineInputs.Disagreement(inputs, BaselineInputs.Select("less", inputs), Score));
        });

    [Fact]
    public void MeanSim_RowsOnACircle_AreTakenByTheMeanTarget()
    {
        // Targets at 0° and 60°: the mean points to 30° with length cos 30°.
        MethodInputs inputs = BaselineInputs.Create(BaselineInputs.Circle(0, 35, 100), BaselineInputs.Circle(0, 60), 2);
        Assert.Equal([1, 0], BaselineInputs.Select("mean-sim", inputs));
        Assert.Equal(Math.Cos(Math.PI / 6) * Math.Cos(Math.PI / 36), BaselineInputs.Scores("mean-sim", inputs)[0], 6);
    }

    [Fact]
    public void MeanSim_AnyPool_IsTheDefinition() =>
        BaselineInputs.All.Sample(inputs =>
            Assert.Equal(
                "",
                BaselineInputs.Disagreement(
                    inputs,
                    BaselineInputs.Select("mean-sim", inputs),
                    id =>
                        Enumerable
                            .Range(0, inputs.Targets.Count)
                            .Average(target => BaselineInputs.Cosine(inputs, id, target))
                )
            )
        );

    [Fact]
    public async Task KnnUniform_AnyDraw_IsThatOfTheUniformRegularizer()
    {
        MethodInputs inputs = BaselineInputs.Create(
            BaselineInputs.Circle([.. Enumerable.Range(0, 90).Select(i => i * 3.0)]),
            BaselineInputs.Circle(10, 50),
            12
        ) with
        {
            Seed = 5,
        };
        SelectionResult expected = await DataSelector.SelectAsync(
            inputs.Pool,
            inputs.Targets,
            new SelectionOptions
            {
                Budget = 12,
                Regularizer = Regularizer.Uniform,
                Seed = 5,
            },
            cancellationToken: TestContext.Current.CancellationToken
        );
        Assert.Equal(expected.CandidateIds.ToArray(), BaselineInputs.Select("knn-uniform", inputs).Order());
    }
}
