using System.Text.Json;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace Tsds.Cli.Agents;

/// <summary>The requests that were read and have no answer yet.</summary>
internal sealed class UnansweredRequests
{
    // A list: nothing forbids a client to use an id twice.
    private readonly List<RequestId> _ids = [];
    private TaskCompletionSource? _none;

    /// <summary>Notes a message that was read.</summary>
    /// <param name="message">A request, which waits for its answer from now on, or anything else.</param>
    public void Read(JsonRpcMessage message)
    {
        if (message is JsonRpcRequest request)
        {
            lock (_ids)
            {
                _ids.Add(request.Id);
            }
        }
        else if (message is JsonRpcNotification { Method: NotificationMethods.CancelledNotification } cancelled)
        {
            // Nothing answers a request that was taken back.
            if (Cancelled(cancelled) is { } id)
            {
                Remove(id);
            }
        }
    }

    /// <summary>Notes that a request was answered.</summary>
    public void Remove(RequestId id)
    {
        lock (_ids)
        {
            _ids.Remove(id);
            if (_ids.Count == 0)
            {
                _none?.TrySetResult();
            }
        }
    }

    /// <summary>Returns a task that completes when no request waits; to be asked for once all were read.</summary>
    public Task NoneAsync()
    {
        lock (_ids)
        {
            if (_ids.Count == 0)
            {
                return Task.CompletedTask;
            }

            _none = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _none.Task;
        }
    }

    private static RequestId? Cancelled(JsonRpcNotification notification)
    {
        try
        {
            return notification
                .Params?.Deserialize<CancelledNotificationParams>(McpJsonUtilities.DefaultOptions)
                ?.RequestId;
        }
        catch (Exception exception) when (exception is JsonException or ArgumentException)
        {
            return null;
        }
    }
}
