using Google.OrTools.LinearSolver;
using Tsds.Tests.TestPools;

namespace Tsds.Tests.Transport;

/// <summary>The optimum of a problem as a linear program: the independent oracle of the closed forms.</summary>
internal static class LinearProgram
{
    public static double Minimize(Instance instance, Regularizer regularizer, double[] targetWeights)
    {
        using Solver solver = Solver.CreateSolver("CLP");
        int targets = instance.TargetCount;
        int candidates = instance.CandidateCount;
        Objective objective = solver.Objective();
        objective.SetMinimization();
        bool isTotalVariation = regularizer == Regularizer.TotalVariation;
        Variable? cap = isTotalVariation ? null : solver.MakeNumVar(0, double.PositiveInfinity, "cap");
        if (cap is not null)
        {
            objective.SetCoefficient(cap, 1 - instance.Alpha);
        }

        for (int i = 0; i < targets; i++)
        {
            Constraint row = solver.MakeConstraint(targetWeights[i], targetWeights[i]);
            for (int j = 0; j < candidates; j++)
            {
                Variable mass = solver.MakeNumVar(0, double.PositiveInfinity, $"mass{i},{j}");
                objective.SetCoefficient(mass, instance.Alpha / instance.Scale * instance.Distances[i][j]);
                row.SetCoefficient(mass, 1);
                if (cap is not null)
                {
                    // cap ≥ ρ_j γ_ij / μ_i
                    double density = regularizer == Regularizer.Density ? instance.Densities[j] : 1;
                    Constraint below = solver.MakeConstraint(double.NegativeInfinity, 0);
                    below.SetCoefficient(mass, density / targetWeights[i]);
                    below.SetCoefficient(cap, -1);
                    continue;
                }

                // excess ≥ |γ_ij − μ_i / N|
                Variable excess = solver.MakeNumVar(0, double.PositiveInfinity, $"excess{i},{j}");
                objective.SetCoefficient(excess, (1 - instance.Alpha) / 2);
                double share = targetWeights[i] / candidates;
                Constraint above = solver.MakeConstraint(-share, double.PositiveInfinity);
                above.SetCoefficient(excess, 1);
                above.SetCoefficient(mass, -1);
                Constraint under = solver.MakeConstraint(share, double.PositiveInfinity);
                under.SetCoefficient(excess, 1);
                under.SetCoefficient(mass, 1);
            }
        }

        Assert.Equal(Solver.ResultStatus.OPTIMAL, solver.Solve());
        return objective.Value();
    }
}
