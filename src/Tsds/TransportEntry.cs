namespace Tsds;

/// <summary>One entry of a transport plan.</summary>
/// <param name="Target">The target that sends, from 0.</param>
/// <param name="CandidateId">The candidate that receives.</param>
/// <param name="Mass">γ_ij, positive; the masses of a target sum to its weight μ_i (1/M unless weights were
/// given).</param>
/// <param name="Distance">d_ij = √(‖q_i − x_j‖² + b_j): the Euclidean distance of the two embeddings, centered where
/// the selection centers, and what relevance adds (<see cref="TaskRelevance.Costs"/>).</param>
public readonly record struct TransportEntry(int Target, long CandidateId, double Mass, double Distance);
