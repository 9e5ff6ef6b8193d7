using System.Buffers;
using System.IO.Pipelines;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Connections;

namespace Tsds.Orleans.Security;

/// <summary>
/// The handshake of every connection: both sides prove that they know the cluster's secret and exchange their versions
/// before anything is deserialized.
/// </summary>
/// <remarks>
/// The side that was called sends a nonce; the caller answers with a nonce of its own, its version, and the
/// HMAC-SHA-256 of role, nonces and version under the secret; the other side answers a verdict and, if it is good, the
/// HMAC in its own role. The secret itself is never sent, and no answer can be used twice.
/// </remarks>
internal sealed class SecretHandshake
{
    private const int NonceLength = 32;
    private const int VersionLength = 64;
    private const byte Welcome = 1;
    private const byte WrongSecret = 2;
    private const byte WrongVersion = 3;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly byte[] _key;
    private readonly byte[] _version;
    private readonly TaskCompletionSource<string> _refused = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public SecretHandshake(string secret, string? version = null)
    {
        _key = SHA256.HashData(Encoding.UTF8.GetBytes(secret));
        _version = SHA512.HashData(Encoding.UTF8.GetBytes(version ?? Version));
    }

    /// <summary>Gets the version of this program: selections are the same bytes only between equals.</summary>
    public static string Version { get; } =
        typeof(DataSelector).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion
        ?? "unknown";

    /// <summary>
    /// Gets a task that completes with the reason once a member refuses this process, or this process a member. No
    /// later attempt can succeed.
    /// </summary>
    public Task<string> Refusal => _refused.Task;

    /// <summary>Returns middleware that runs the handshake of the calling side, then the connection.</summary>
    public ConnectionDelegate Calling(ConnectionDelegate next) => context => GuardAsync(context, next, CallAsync);

    /// <summary>Returns middleware that runs the handshake of the called side, then the connection.</summary>
    public ConnectionDelegate Called(ConnectionDelegate next) => context => GuardAsync(context, next, AnswerAsync);

    /// <summary>Performs the handshake of the calling side.</summary>
    /// <exception cref="ConnectionAbortedException">One of both does not know the secret, or is another
    /// version.</exception>
    public async Task CallAsync(IDuplexPipe pipe, CancellationToken cancellationToken)
    {
        byte[] theirs = await ReadAsync(pipe.Input, NonceLength, cancellationToken).ConfigureAwait(false);
        byte[] ours = RandomNumberGenerator.GetBytes(NonceLength);
        await pipe
            .Output.WriteAsync(
                (byte[])[.. ours, .. _version, .. Proof("caller", theirs, ours, _version)],
                cancellationToken
            )
            .ConfigureAwait(false);
        byte verdict = (await ReadAsync(pipe.Input, 1, cancellationToken).ConfigureAwait(false))[0];
        if (verdict != Welcome)
        {
            throw Refused(
                verdict == WrongVersion
                    ? $"Expected all members of the cluster to be the same version, found that this one, "
                        + $"{Version}, is another; install the same version everywhere."
                    : "Expected the secret of the cluster, found another one; give its members and clients the "
                        + "same secret."
            );
        }

        byte[] proof = await ReadAsync(pipe.Input, SHA256.HashSizeInBytes, cancellationToken).ConfigureAwait(false);
        if (!CryptographicOperations.FixedTimeEquals(proof, Proof("called", theirs, ours, _version)))
        {
            throw Refused("Expected a member of the cluster, found somebody who does not know its secret.");
        }
    }

    /// <summary>Performs the handshake of the called side.</summary>
    /// <exception cref="ConnectionAbortedException">The caller does not know the secret, or is another
    /// version.</exception>
    public async Task AnswerAsync(IDuplexPipe pipe, CancellationToken cancellationToken)
    {
        byte[] ours = RandomNumberGenerator.GetBytes(NonceLength);
        await pipe.Output.WriteAsync(ours, cancellationToken).ConfigureAwait(false);
        byte[] answer = await ReadAsync(
                pipe.Input,
                NonceLength + VersionLength + SHA256.HashSizeInBytes,
                cancellationToken
            )
            .ConfigureAwait(false);
        byte[] theirs = answer[..NonceLength];
        byte[] version = answer[NonceLength..(NonceLength + VersionLength)];
        bool isKnown = CryptographicOperations.FixedTimeEquals(
            answer.AsSpan(NonceLength + VersionLength),
            Proof("caller", ours, theirs, version)
        );
        byte verdict =
            !isKnown ? WrongSecret
            : !version.AsSpan().SequenceEqual(_version) ? WrongVersion
            : Welcome;
        byte[] reply = verdict == Welcome ? [verdict, .. Proof("called", ours, theirs, _version)] : [verdict];
        await pipe.Output.WriteAsync(reply, cancellationToken).ConfigureAwait(false);
        if (verdict != Welcome)
        {
            // Closed by the caller, who has read why by then; the guard's patience ends it otherwise.
            await pipe.Input.ReadAsync(cancellationToken).ConfigureAwait(false);
            throw new ConnectionAbortedException(
                "A caller without the cluster's secret, or of another version, was refused."
            );
        }
    }

    private static async Task GuardAsync(
        ConnectionContext context,
        ConnectionDelegate next,
        Func<IDuplexPipe, CancellationToken, Task> handshake
    )
    {
        using (
            CancellationTokenSource patience = CancellationTokenSource.CreateLinkedTokenSource(context.ConnectionClosed)
        )
        {
            patience.CancelAfter(Patience);
            await handshake(context.Transport, patience.Token).ConfigureAwait(false);
        }

        await next(context).ConfigureAwait(false);
    }

    private static async Task<byte[]> ReadAsync(PipeReader input, int length, CancellationToken cancellationToken)
    {
        ReadResult read = await input.ReadAtLeastAsync(length, cancellationToken).ConfigureAwait(false);
        if (read.Buffer.Length < length)
        {
            throw new ConnectionAbortedException(
                "Expected the handshake of a cluster, found that the connection was closed."
            );
        }

        ReadOnlySequence<byte> part = read.Buffer.Slice(0, length);
        byte[] bytes = part.ToArray();
        input.AdvanceTo(part.End);
        return bytes;
    }

    private byte[] Proof(string role, byte[] nonceOfCalled, byte[] nonceOfCaller, byte[] version) =>
        HMACSHA256.HashData(
            _key,
            (byte[])[.. Encoding.ASCII.GetBytes("tsds " + role), .. nonceOfCalled, .. nonceOfCaller, .. version]
        );

    private ConnectionAbortedException Refused(string problem)
    {
        _refused.TrySetResult(problem);
        return new ConnectionAbortedException(problem);
    }
}
