namespace Tsds.Evaluation.Methods;

/// <summary>
/// A cache of what methods compute from a pool alone, shared by all selection splits and methods of a comparison.
/// </summary>
/// <remarks>Methods run one after the other; not for use by several threads at once.</remarks>
internal sealed class PoolFindings
{
    private readonly Dictionary<string, object> _found = new(StringComparer.Ordinal);

    /// <summary>Gets the value stored under a name, or computes and stores it.</summary>
    /// <typeparam name="T">What it is.</typeparam>
    /// <param name="name">The name of the value, which includes all settings it depends on, such as a seed.</param>
    /// <param name="find">Finds it, by the pool alone.</param>
    public async Task<T> GetAsync<T>(string name, Func<Task<T>> find)
        where T : class
    {
        if (_found.TryGetValue(name, out object? known))
        {
            return (T)known;
        }

        T found = await find().ConfigureAwait(false);
        _found.Add(name, found);
        return found;
    }
}
