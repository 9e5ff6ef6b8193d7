using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Tsds.IntegrationTests;

/// <summary>A folder of its own for one test, with a small pool and targets on demand.</summary>
internal sealed class TestFolder : IDisposable
{
    public const string CacheSuffix = ".cache";

    private static readonly string[][] Topics =
    [
        ["simmer", "onion", "stock", "oven", "butter", "dough", "whisk", "salt", "garlic", "roast"],
        ["orbit", "galaxy", "telescope", "nebula", "comet", "planet", "eclipse", "star", "lens", "redshift"],
        ["table", "join", "index", "query", "column", "group", "order", "key", "view", "row"],
    ];

    private static readonly string[] Sources = ["cooking", "astronomy", "sql"];

    private readonly TempFolder _folder = new();

    public string Root => _folder.Root;

    /// <summary>Gets the path of a file or folder below this one.</summary>
    public string this[string name] => _folder[name];

    /// <summary>Reads the manifest of a selection.</summary>
    public JsonNode Manifest(string selection) => JsonNode.Parse(File.ReadAllText(this[selection + "/manifest.json"]))!;

    /// <summary>Reads a file of JSON lines.</summary>
    public JsonNode[] Lines(string name) => [.. File.ReadLines(this[name]).Select(line => JsonNode.Parse(line)!)];

    /// <summary>Returns the SHA-256 of a file.</summary>
    public string Hash(string name) => Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(this[name])));

    /// <summary>Writes rows of three topics in turn: row i is of source i mod 3.</summary>
    public void WritePool(string name, int rows)
    {
        StringBuilder text = new();
        for (int i = 0; i < rows; i++)
        {
            int topic = i % Topics.Length;
            text.Append(
                CultureInfo.InvariantCulture,
                $$"""{"id":"r{{i}}","instruction":"{{Words(topic, i, 6)}}","output":"{{Words(topic, i + 7_919, 14)}}","source":"{{Sources[topic]}}"}"""
            );
            text.Append('\n');
        }

        File.WriteAllText(this[name], text.ToString());
    }

    /// <summary>Writes targets of the first topic, cooking.</summary>
    public void WriteTargets(string name, int rows)
    {
        StringBuilder text = new();
        for (int i = 0; i < rows; i++)
        {
            text.Append(
                CultureInfo.InvariantCulture,
                $$"""{"id":"t{{i}}","instruction":"{{Words(0, i + 104_729, 6)}}","output":"{{Words(0, i + 1_299_709, 14)}}"}"""
            );
            text.Append('\n');
        }

        File.WriteAllText(this[name], text.ToString());
    }

    /// <summary>Writes a version 1 .npy file of float32 vectors on a circle, all different.</summary>
    public void WriteVectors(string name, int rows)
    {
        string header = $"{{'descr': '<f4', 'fortran_order': False, 'shape': ({rows}, 2), }}";
        header = header.PadRight(118 - 1) + "\n";
        using BinaryWriter writer = new(File.Create(this[name]));
        writer.Write([0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y', 1, 0]);
        writer.Write((ushort)header.Length);
        writer.Write(Encoding.ASCII.GetBytes(header));
        for (int i = 0; i < rows; i++)
        {
            double angle = 2 * Math.PI * i / rows;
            writer.Write((float)Math.Cos(angle));
            writer.Write((float)Math.Sin(angle));
        }
    }

    public void Dispose()
    {
        _folder.Dispose();
        if (Directory.Exists(Root + CacheSuffix))
        {
            Directory.Delete(Root + CacheSuffix, recursive: true);
        }
    }

    // A small generator with fixed constants (splitmix64), so that the rows are the same everywhere and for ever.
    private static string Words(int topic, int seed, int count)
    {
        ulong state = (ulong)seed * 0x9E3779B97F4A7C15;
        string[] words = new string[count];
        for (int i = 0; i < count; i++)
        {
            state += 0x9E3779B97F4A7C15;
            ulong mixed = (state ^ (state >> 30)) * 0xBF58476D1CE4E5B9;
            mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
            mixed ^= mixed >> 31;
            words[i] = Topics[topic][(int)(mixed % (ulong)Topics[topic].Length)];
        }

        return string.Join(' ', words);
    }
}
