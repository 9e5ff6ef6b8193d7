// Selects from embeddings in memory: the library without files.
//
//     dotnet run samples/01-select-from-arrays.cs

#:project ../src/Tsds/Tsds.csproj

using Tsds;

// A pool of 1,000 candidates on a circle, and 100 copies of candidate 250. Two targets point at 90° and 91°.
const int Candidates = 1_000;
const int Copies = 100;
float[] values = new float[(Candidates + Copies) * 2];
for (int row = 0; row < Candidates + Copies; row++)
{
    double angle = 2 * Math.PI * (row < Candidates ? row : 250) / Candidates;
    values[2 * row] = (float)Math.Cos(angle);
    values[(2 * row) + 1] = (float)Math.Sin(angle);
}

using CandidatePool pool = CandidatePool.FromEmbeddings(new EmbeddingMatrix(values, dimension: 2));
EmbeddingMatrix targets = new(new float[] { 0, 1, -0.0175f, 0.9998f }, dimension: 2);

SelectionResult result = await DataSelector.SelectAsync(
    pool,
    targets,
    new SelectionOptions { Budget = 10, Bandwidth = 0.002 }
);

Console.WriteLine($"rows: {string.Join(' ', result.CandidateIds.ToArray())}");
Console.WriteLine($"effective neighbors: {result.EffectiveNeighbors:F2}");
Console.WriteLine($"certified over all {pool.Count} candidates: {result.Certificate.IsCertified}");

// The copies share the weight of one row: at most one of the 101 equal rows is worth drawing.
int equal = result.CandidateIds.ToArray().Count(id => id == 250 || id >= Candidates);
Console.WriteLine($"rows among the 101 copies: {equal}");
return result.Certificate.IsCertified && result.CandidateIds.Length == 10 ? 0 : 1;
