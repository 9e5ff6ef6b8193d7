using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace Tsds.Cli.Agents;

/// <summary>
/// Messages of the protocol as lines on two streams, where the end of input is not the end of answers.
/// </summary>
/// <remarks>
/// The protocol's own transport drops what it has not answered when input ends, as it does at once in a pipe, and is
/// silent on a line that is no JSON. Here input ends for the server when each request that was read has its answer.
/// </remarks>
internal sealed class AgentTransport : TransportBase
{
    private static readonly JsonTypeInfo<JsonRpcMessage> MessageType =
        (JsonTypeInfo<JsonRpcMessage>)McpJsonUtilities.DefaultOptions.GetTypeInfo(typeof(JsonRpcMessage));

    private readonly StreamReader _input;
    private readonly Stream _output;
    private readonly SemaphoreSlim _writing = new(1);
    private readonly CancellationTokenSource _stop = new();
    private readonly UnansweredRequests _unanswered = new();
    private readonly Task _reading;

    /// <summary>Initializes a transport and begins to read.</summary>
    /// <param name="input">What the client writes.</param>
    /// <param name="output">What it reads.</param>
    public AgentTransport(Stream input, Stream output)
        : base("tsds", null)
    {
        _input = new StreamReader(input, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
        _output = output;
        SetConnected();
        _reading = Task.Run(ReadAsync);
    }

    /// <inheritdoc/>
    public override async Task SendMessageAsync(JsonRpcMessage message, CancellationToken cancellationToken = default)
    {
        try
        {
            await WriteAsync(JsonSerializer.SerializeToUtf8Bytes(message, MessageType), cancellationToken)
                .ConfigureAwait(false);
        }
        finally
        {
            // Also where nobody reads the answer any more: the end does not wait for what cannot be said.
            if (message is JsonRpcResponse or JsonRpcError)
            {
                _unanswered.Remove(((JsonRpcMessageWithId)message).Id);
            }
        }
    }

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _reading.ConfigureAwait(false);
        _stop.Dispose();
        _writing.Dispose();
    }

    private async Task ReadAsync()
    {
        Exception? problem = null;
        try
        {
            // A read of standard input cannot be cancelled: it is left behind.
            while (
                await _input.ReadLineAsync(_stop.Token).AsTask().WaitAsync(_stop.Token).ConfigureAwait(false)
                    is { } line
            )
            {
                if (!string.IsNullOrWhiteSpace(line))
                {
                    await TakeAsync(line).ConfigureAwait(false);
                }
            }

            await _unanswered.NoneAsync().WaitAsync(_stop.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // Stopped by the server.
        }
        catch (IOException exception)
        {
            problem = exception;
        }
        finally
        {
            SetDisconnected(problem);
        }
    }

    private async Task TakeAsync(string line)
    {
        JsonRpcMessage? message;
        try
        {
            message = JsonSerializer.Deserialize(line, MessageType);
        }
        catch (Exception exception) when (exception is JsonException or FormatException or InvalidOperationException)
        {
            message = null;
        }

        if (message is null)
        {
            await RefuseAsync(line).ConfigureAwait(false);
            return;
        }

        _unanswered.Read(message);
        await WriteMessageAsync(message, _stop.Token).ConfigureAwait(false);
    }

    // JSON-RPC 2.0, section 5.1: what is no JSON, and what is JSON and no message, have codes of their own.
    private async Task RefuseAsync(string line)
    {
        JsonElement? id = null;
        McpErrorCode code = McpErrorCode.ParseError;
        string sentence = "Expected one message of JSON-RPC 2.0 a line, found a line that is not JSON.";
        try
        {
            id = FindId(JsonElement.Parse(line));
            code = McpErrorCode.InvalidRequest;
            sentence = "Expected a message of JSON-RPC 2.0, an object with 'jsonrpc' and 'method', found other JSON.";
        }
        catch (JsonException)
        {
            // Not JSON, as is said above.
        }

        JsonObject answer = new()
        {
            ["jsonrpc"] = "2.0",
            ["id"] = id is { } given ? JsonValue.Create(given) : null,
            ["error"] = new JsonObject { ["code"] = (int)code, ["message"] = sentence },
        };
        await WriteAsync(JsonSerializer.SerializeToUtf8Bytes(answer), _stop.Token).ConfigureAwait(false);
    }

    private static JsonElement? FindId(JsonElement message) =>
        message.ValueKind == JsonValueKind.Object
        && message.TryGetProperty("id", out JsonElement id)
        && id.ValueKind is JsonValueKind.String or JsonValueKind.Number
            ? id
            : null;

    private async Task WriteAsync(byte[] line, CancellationToken cancellationToken)
    {
        await _writing.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await _output.WriteAsync((byte[])[.. line, (byte)'\n'], cancellationToken).ConfigureAwait(false);
            await _output.FlushAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _writing.Release();
        }
    }
}
