using System.Text.Json;
using System.Text.Json.Serialization;

namespace Tsds.Quality;

/// <summary>
/// The outcomes that are known already, a file for each task and budget: an experiment that was stopped goes on where
/// it was, and selections can be read by other programs.
/// </summary>
/// <param name="folder">The folder of the files. Nothing in it knows the version of the code: after a change of the
/// methods, start with a new one.</param>
internal sealed class OutcomeStore(string folder)
{
    private static readonly JsonSerializerOptions Json = new()
    {
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    /// <summary>Reads outcomes, or finds and writes them.</summary>
    /// <param name="name">The name of the file, without extension.</param>
    /// <param name="find">Finds them.</param>
    public async Task<IReadOnlyList<Outcome>> GetAsync(string name, Func<Task<IReadOnlyList<Outcome>>> find)
    {
        string path = Path.Combine(folder, $"{name}.json");
        if (File.Exists(path))
        {
            return JsonSerializer.Deserialize<List<Outcome>>(
                await File.ReadAllBytesAsync(path).ConfigureAwait(false),
                Json
            )!;
        }

        IReadOnlyList<Outcome> found = await find().ConfigureAwait(false);
        Directory.CreateDirectory(folder);
        await File.WriteAllBytesAsync($"{path}.part", JsonSerializer.SerializeToUtf8Bytes(found, Json))
            .ConfigureAwait(false);
        File.Move($"{path}.part", path, overwrite: true);
        return found;
    }
}
