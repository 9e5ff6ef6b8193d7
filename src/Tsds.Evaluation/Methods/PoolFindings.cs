namespace Tsds.Evaluation.Methods;

/// <summary>
/// What methods found out about a pool whatever the targets, kept so that every guide and method of a comparison can
/// use it.
/// </summary>
/// <remarks>Methods run one after the other; not for use by several threads at once.</remarks>
internal sealed class PoolFindings
{
    private readonly Dictionary<string, object> _found = new(StringComparer.Ordinal);

    /// <summary>Gets what was found under a name, or finds it.</summary>
    /// <typeparam name="T">What it is.</typeparam>
    /// <param name="name">What tells it from everything else, settings such as a seed included.</param>
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
