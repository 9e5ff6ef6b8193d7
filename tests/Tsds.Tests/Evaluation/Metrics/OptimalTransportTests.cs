using CsCheck;
using Google.OrTools.LinearSolver;
using Tsds.Evaluation.Metrics;

namespace Tsds.Tests.Evaluation.Metrics;

public sealed class OptimalTransportTests
{
    /// <summary>
    /// Costs and weights; small whole weights, zeros among them, so that ties and degenerate bases abound.
    /// </summary>
    private static readonly Gen<(double[] Costs, double[] A, double[] B)> Problems =
        from n in Gen.Int[1, 7]
        from m in Gen.Int[1, 7]
        from costs in Gen.OneOf(Gen.Double[0, 2], Gen.Int[0, 3].Select(cost => (double)cost)).Array[n * m]
        from a in Weights(n)
        from b in Weights(m)
        select (costs, a, b);

    [Fact]
    public void Solve_RandomProblem_ReachesTheOptimumOfTheLinearProgram() =>
        Problems.Sample(
            problem =>
            {
                OptimalTransport solution = Solve(problem);
                double optimum = LinearProgramOf(problem);
                Assert.Equal(optimum, solution.Cost, 1e-6);
                Assert.Equal(solution.Cost, solution.DualCost, 1e-10);
            },
            iter: 400,
            threads: 1
        );

    [Fact]
    public void Solve_RandomProblem_PotentialsAreFeasibleAndColumnCostsAddUp() =>
        Problems.Sample(problem =>
        {
            OptimalTransport solution = Solve(problem);
            double sum = problem.B.Sum();
            double cost = 0;
            for (int j = 0; j < problem.B.Length; j++)
            {
                cost += problem.B[j] > 0 ? solution.ColumnCosts[j] * problem.B[j] / sum : 0;
                Assert.Equal(problem.B[j] == 0, double.IsNaN(solution.ColumnPotentials[j]));
            }

            Assert.Equal(solution.Cost, cost, 1e-10);
        });

    [Fact]
    public void Solve_OnTheLine_IsTheSortedCoupling() =>
        Gen.Double[-1, 1]
            .Array[2, 40]
            .SelectMany(x => Gen.Double[-1, 1].Array[x.Length].Select(y => (x, y)))
            .Sample(pair =>
            {
                double[] a = Uniform(pair.x.Length);
                double expected = pair.x.Order().Zip(pair.y.Order(), (x, y) => Math.Abs(x - y)).Average();
                Assert.Equal(expected, OptimalTransport.Solve(LineCosts(pair.x, pair.y), a, a).Cost, 1e-11);
            });

    [Fact]
    public void Solve_TwoAgainstThree_IsWhatAHandComputes()
    {
        // Thirds of mass at 0, 1, 5 to halves at 0 and 4: 1/3 stays, 1/6 goes 1 → 0, 1/6 goes 1 → 4, 1/3 goes 5 → 4.
        double cost = OptimalTransport.Solve(LineCosts([0, 1, 5], [0, 4]), Uniform(3), Uniform(2)).Cost;
        Assert.Equal((1 / 6.0) + (3 / 6.0) + (1 / 3.0), cost, 1e-12);
    }

    [Fact]
    public void Solve_SameSets_CostsNothing() =>
        Gen.Double[-1, 1]
            .Array[1, 30]
            .Sample(x =>
                Assert.Equal(
                    0,
                    OptimalTransport.Solve(LineCosts(x, x), Uniform(x.Length), Uniform(x.Length)).Cost,
                    1e-12
                )
            );

    [Fact]
    public void WorstDecile_TwentyColumns_IsTheMeanOfTheTwoWorst()
    {
        double[] points = [.. Enumerable.Range(0, 20).Select(i => (double)i)];
        Assert.Equal(18.5, OptimalTransport.Solve(LineCosts([0], points), [1], Uniform(20)).WorstDecile(), 1e-12);
    }

    [Fact]
    public void Solve_WeightNegativeOrNaN_Throws()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() =>
            OptimalTransport.Solve(LineCosts([0], [0]), [double.NaN], [1])
        );
        Assert.Throws<ArgumentOutOfRangeException>(() => OptimalTransport.Solve(LineCosts([0], [0]), [1], [-1]));
        Assert.Throws<ArgumentException>(() => OptimalTransport.Solve(LineCosts([0], [0]), [0], [1]));
    }

    [Fact]
    public void Solve_FourHundredByThreeHundred_ClosesTheGap()
    {
        EmbeddingMatrix rows = Vectors.Random(400, 16, 1);
        EmbeddingMatrix columns = Vectors.Random(300, 16, 2);
        OptimalTransport solution = OptimalTransport.Solve(
            DistanceMatrix.Between(rows, columns, 2),
            Uniform(400),
            Uniform(300)
        );
        Assert.Equal(solution.DualCost, solution.Cost, 1e-10);
        Assert.True(solution.Cost > 0.5);
    }

    private static Gen<double[]> Weights(int count) =>
        Gen.OneOf(Gen.Int[0, 3].Select(weight => (double)weight), Gen.Double[0.001, 1])
            .Array[count]
            .Where(weights => weights.Sum() > 0);

    private static OptimalTransport Solve((double[] Costs, double[] A, double[] B) problem) =>
        OptimalTransport.Solve(new DistanceMatrix(problem.Costs, problem.B.Length), problem.A, problem.B);

    private static double[] Uniform(int count) => [.. Enumerable.Repeat(1.0 / count, count)];

    private static DistanceMatrix LineCosts(double[] x, double[] y) =>
        new([.. x.SelectMany(left => y.Select(right => Math.Abs(left - right)))], y.Length);

    private static double LinearProgramOf((double[] Costs, double[] A, double[] B) problem)
    {
        using Solver solver = Solver.CreateSolver("CLP");
        Objective objective = solver.Objective();
        objective.SetMinimization();
        double sumA = problem.A.Sum();
        double sumB = problem.B.Sum();
        Constraint[] rows = [.. problem.A.Select(weight => solver.MakeConstraint(weight / sumA, weight / sumA))];
        Constraint[] columns =
        [
            .. problem.B.Select(weight => solver.MakeConstraint(double.NegativeInfinity, (weight / sumB) + 1e-12)),
        ];
        for (int i = 0; i < rows.Length; i++)
        {
            for (int j = 0; j < columns.Length; j++)
            {
                Variable mass = solver.MakeNumVar(0, double.PositiveInfinity, $"{i},{j}");
                objective.SetCoefficient(mass, problem.Costs[(i * columns.Length) + j]);
                rows[i].SetCoefficient(mass, 1);
                columns[j].SetCoefficient(mass, 1);
            }
        }

        Assert.Equal(Solver.ResultStatus.OPTIMAL, solver.Solve());
        return objective.Value();
    }
}
