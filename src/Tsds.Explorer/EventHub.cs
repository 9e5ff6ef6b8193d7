using System.Collections.Concurrent;
using System.Threading.Channels;

namespace Tsds.Explorer;

/// <summary>Sends what happens to every page that listens; who comes later gets the last of each kind.</summary>
internal sealed class EventHub
{
    private readonly ConcurrentDictionary<Guid, Channel<string>> _listeners = new();
    private readonly ConcurrentDictionary<string, string> _last = new(StringComparer.Ordinal);

    /// <summary>Sends an event.</summary>
    /// <param name="kind">Its kind.</param>
    /// <param name="key">What the last event of is kept, such as the kind and a name.</param>
    /// <param name="json">What happened, one line.</param>
    public void Send(string kind, string key, string json)
    {
        string text = $"event: {kind}\ndata: {json}\n\n";
        _last[key] = text;
        foreach (Channel<string> listener in _listeners.Values)
        {
            listener.Writer.TryWrite(text);
        }
    }

    /// <summary>Listens.</summary>
    /// <param name="cancellationToken">Ends.</param>
    /// <returns>The text of each event.</returns>
    public async IAsyncEnumerable<string> ListenAsync(
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        Channel<string> channel = Channel.CreateBounded<string>(
            new BoundedChannelOptions(64) { FullMode = BoundedChannelFullMode.DropOldest }
        );
        Guid id = Guid.NewGuid();
        _listeners[id] = channel;
        try
        {
            foreach (string text in _last.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => pair.Value))
            {
                yield return text;
            }

            await foreach (string text in channel.Reader.ReadAllAsync(cancellationToken).ConfigureAwait(false))
            {
                yield return text;
            }
        }
        finally
        {
            _listeners.TryRemove(id, out _);
        }
    }
}
