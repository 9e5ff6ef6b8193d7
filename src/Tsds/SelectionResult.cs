using Tsds.Sampling;

namespace Tsds;

/// <summary>A selection, with the plan that it was drawn from and the proof that the plan is optimal.</summary>
public sealed class SelectionResult
{
    internal SelectionResult() { }

    /// <summary>Gets the rows drawn, ascending by candidate id, each once.</summary>
    public required ReadOnlyMemory<long> CandidateIds { get; init; }

    /// <summary>
    /// Gets the number of times each of <see cref="CandidateIds"/> was drawn; they sum to the budget.
    /// </summary>
    public required ReadOnlyMemory<long> Counts { get; init; }

    /// <summary>Gets the optimal plan.</summary>
    public required TransportPlan Plan { get; init; }

    /// <summary>Gets the proof of optimality.</summary>
    public required Certificate Certificate { get; init; }

    /// <summary>
    /// Gets plans from most aligned to most diverse, as far as the fetched neighbors prove them optimal.
    /// </summary>
    public required IReadOnlyList<PathPoint> Path { get; init; }

    /// <summary>Gets the report on each target: its mass and distances in the plan.</summary>
    public required IReadOnlyList<TargetReport> Targets { get; init; }

    /// <summary>Gets α as used.</summary>
    public required double Alpha { get; init; }

    /// <summary>Gets the distance scale C as used, automatic values resolved.</summary>
    public required double Scale { get; init; }

    /// <summary>Gets T = C(1 − α)/α; infinite at α = 0.</summary>
    public required double Tradeoff { get; init; }

    /// <summary>Gets the bandwidth σ as used; 0 if no density was taken.</summary>
    public required double Bandwidth { get; init; }

    /// <summary>Gets the effective neighbors s, or null under <see cref="Regularizer.TotalVariation"/>.</summary>
    public required double? EffectiveNeighbors { get; init; }

    /// <summary>Gets Σ γ_ij d_ij, distances with what relevance adds.</summary>
    public required double TransportCost { get; init; }

    /// <summary>Gets Σ_j 1 − (1 − p_j)^B: the different rows that B independent draws would give on average.</summary>
    public required double ExpectedDistinct { get; init; }

    /// <summary>Gets the candidates whose density was evaluated.</summary>
    public required long DensitiesEvaluated { get; init; }

    /// <summary>Gets the number of these that have another candidate within the bandwidth.</summary>
    public required long NearDuplicateCount { get; init; }

    /// <summary>
    /// Gets how the candidates were seen for each task: centered, and with what relevance adds to their distances. The
    /// bandwidth and all distances are those of the views.
    /// </summary>
    /// <value>One for each task; without mean and direction where the candidates were seen as they are.</value>
    public required IReadOnlyList<PoolView> Views { get; init; }

    /// <summary>Gets the candidates of the plan that share one chance in a draw; null for none.</summary>
    internal CopyGroups? Copies { get; init; }

    /// <summary>Gets how relevant the candidates of the plan are to each task; none where relevance was off.</summary>
    public required IReadOnlyList<TaskRelevance> Relevance { get; init; }

    /// <summary>
    /// Draws again from the plan, to a total of costs instead of rows, or within shares of groups, or both.
    /// </summary>
    /// <remarks>
    /// Inclusion probabilities are min(a_j, c_g p_j), a_j = 1, but 1/ρ_j where near-copies share one row's chance and
    /// the rest holds the total (<see cref="SelectionOptions.CopiesShareDraw"/>): groups inside their bounds share one
    /// factor c_g, a group at a bound has its own, and together they spend the total. Rows: each group's count is its
    /// expectation rounded down or up. Costs: rows are then dropped from the end of an order, or added from its
    /// beginning (u_j/π_j, u_j uniform by seed), until each group and the total are met within half a row, as far as
    /// the plan has rows.
    /// </remarks>
    /// <param name="options">What to draw.</param>
    /// <returns>
    /// This result with other <see cref="CandidateIds"/> and <see cref="Counts"/>. The same for the same options and
    /// seed.
    /// </returns>
    /// <exception cref="ArgumentException">Costs or groups do not fit the plan.</exception>
    /// <exception cref="InvalidOperationException">The bounds, or the total, cannot be met; the message says what
    /// would.</exception>
    public SelectionResult Redraw(DrawOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.CheckAgainst(Plan.CandidateIds.Length);
        int[] drawn = new BoundedDraw(Plan.Probabilities.Span, options, Copies).Run();
        return new SelectionResult
        {
            CandidateIds = Array.ConvertAll(drawn, position => Plan.CandidateIds.Span[position]),
            Counts = DrawnRows.Once(drawn).Counts,
            Plan = Plan,
            Certificate = Certificate,
            Path = Path,
            Targets = Targets,
            Alpha = Alpha,
            Scale = Scale,
            Tradeoff = Tradeoff,
            Bandwidth = Bandwidth,
            EffectiveNeighbors = EffectiveNeighbors,
            TransportCost = TransportCost,
            ExpectedDistinct = ExpectedDistinct,
            DensitiesEvaluated = DensitiesEvaluated,
            NearDuplicateCount = NearDuplicateCount,
            Views = Views,
            Copies = Copies,
            Relevance = Relevance,
        };
    }
}
