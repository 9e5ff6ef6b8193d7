using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace Tsds.IntegrationTests.Explorer;

/// <summary>
/// Writes a pool as large as one likes: rows of several topics around centers, with texts or without.
/// </summary>
/// <remarks>The values are made with fixed constants (splitmix64), so that they are the same everywhere.</remarks>
internal static class SuitePool
{
    private const int Topics = 12;

    private static readonly string[] Subjects =
    [
        "lentils",
        "a comet",
        "the invoice",
        "this loop",
        "the lease",
        "an itch",
    ];

    /// <summary>Writes rows with a text, an id and one of a few sources.</summary>
    public static void WriteRows(string path, int rows)
    {
        using StreamWriter writer = new(path, false, new UTF8Encoding(false));
        for (int i = 0; i < rows; i++)
        {
            writer.Write(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $$"""{"id":"d{{i}}","text":"What is there to say of {{Subjects[i % Subjects.Length]}}, number {{i}} of topic {{i % Topics}}?","source":"topic {{i % Topics}}"}"""
                )
            );
            writer.Write('\n');
        }
    }

    /// <summary>Writes a version 1 .npy file of float32 vectors, row i around center i mod 12.</summary>
    public static void WriteVectors(string path, int rows, int dimension, ulong seed, int topics = Topics)
    {
        string header = $"{{'descr': '<f4', 'fortran_order': False, 'shape': ({rows}, {dimension}), }}";
        header = header.PadRight(118 - 1) + "\n";
        using BinaryWriter writer = new(File.Create(path));
        writer.Write([0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y', 1, 0]);
        writer.Write((ushort)header.Length);
        writer.Write(Encoding.ASCII.GetBytes(header));
        float[] row = new float[dimension];
        for (int i = 0; i < rows; i++)
        {
            for (int d = 0; d < dimension; d++)
            {
                float center = Unit((ulong)(i % topics * dimension + d + 1));
                row[d] = center + 0.35f * Unit(seed + (ulong)i * (ulong)dimension + (ulong)d);
            }

            writer.Write(MemoryMarshal.AsBytes<float>(row));
        }
    }

    /// <summary>Returns a value between −1 and 1.</summary>
    private static float Unit(ulong value)
    {
        ulong mixed = value * 0x9E3779B97F4A7C15;
        mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
        return (mixed ^ (mixed >> 31)) / (float)ulong.MaxValue * 2 - 1;
    }
}
