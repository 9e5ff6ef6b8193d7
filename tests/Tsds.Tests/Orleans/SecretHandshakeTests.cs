using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;
using Tsds.Orleans.Security;

namespace Tsds.Tests.Orleans;

/// <summary>The admission of connections to a cluster.</summary>
public sealed class SecretHandshakeTests
{
    private const string Secret = "a secret of more than sixteen characters";

    [Fact]
    public async Task Handshake_SameSecret_LetsBothIn()
    {
        (Task calling, Task called) = Meet(new SecretHandshake(Secret), new SecretHandshake(Secret));
        await Task.WhenAll(calling, called);
    }

    [Fact]
    public async Task Handshake_OtherSecret_IsRefusedOnBothSides()
    {
        SecretHandshake caller = new("another secret, as long as the right one");
        (Task calling, Task called) = Meet(caller, new SecretHandshake(Secret));
        await Assert.ThrowsAsync<ConnectionAbortedException>(() => calling);
        await Assert.ThrowsAsync<ConnectionAbortedException>(() => called);
        Assert.StartsWith(
            "Expected the secret of the cluster, found another one",
            await caller.Refusal,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Handshake_OtherVersion_IsRefusedAndSaysSo()
    {
        SecretHandshake caller = new(Secret, "0.0.1");
        (Task calling, Task called) = Meet(caller, new SecretHandshake(Secret, "0.0.2"));
        await Assert.ThrowsAsync<ConnectionAbortedException>(() => called);
        await Assert.ThrowsAsync<ConnectionAbortedException>(() => calling);
        Assert.StartsWith(
            "Expected all members of the cluster to be the same version",
            await caller.Refusal,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Handshake_MemberThatOnlySaysWelcome_IsNotBelieved()
    {
        (IDuplexPipe ours, IDuplexPipe theirs) = Pipes();
        SecretHandshake caller = new(Secret);
        Task calling = caller.CallAsync(ours, TestContext.Current.CancellationToken);
        await theirs.Output.WriteAsync(new byte[32], TestContext.Current.CancellationToken);
        byte[] welcome = new byte[33];
        welcome[0] = 1;
        await theirs.Output.WriteAsync(welcome, TestContext.Current.CancellationToken);
        await Assert.ThrowsAsync<ConnectionAbortedException>(() => calling);
        Assert.Contains("somebody who does not know its secret", await caller.Refusal, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Handshake_ProofOfAnEarlierConnection_IsOfNoUse()
    {
        // A stranger repeats what a member once answered; the nonce of the new connection is another one.
        (IDuplexPipe member, IDuplexPipe listener) = Pipes();
        Task first = new SecretHandshake(Secret).CallAsync(member, TestContext.Current.CancellationToken);
        await listener.Output.WriteAsync(new byte[32], TestContext.Current.CancellationToken);
        ReadResult heard = await listener.Input.ReadAtLeastAsync(128, TestContext.Current.CancellationToken);
        byte[] answer = new byte[128];
        System.Buffers.BuffersExtensions.CopyTo(heard.Buffer.Slice(0, 128), answer);
        listener.Output.Complete();
        await Assert.ThrowsAsync<ConnectionAbortedException>(() => first);

        (IDuplexPipe stranger, IDuplexPipe called) = Pipes();
        Task answering = new SecretHandshake(Secret).AnswerAsync(called, TestContext.Current.CancellationToken);
        await stranger.Output.WriteAsync(answer, TestContext.Current.CancellationToken);
        stranger.Output.Complete();
        await Assert.ThrowsAsync<ConnectionAbortedException>(() => answering);
    }

    private static (Task Calling, Task Called) Meet(SecretHandshake caller, SecretHandshake called)
    {
        (IDuplexPipe ours, IDuplexPipe theirs) = Pipes();
        return (CallAsync(), called.AnswerAsync(theirs, TestContext.Current.CancellationToken));

        // A connection is closed when its handshake has failed.
        async Task CallAsync()
        {
            try
            {
                await caller.CallAsync(ours, TestContext.Current.CancellationToken);
            }
            finally
            {
                ours.Output.Complete();
            }
        }
    }

    private static (IDuplexPipe, IDuplexPipe) Pipes()
    {
        Pipe there = new();
        Pipe back = new();
        return (new Duplex(back.Reader, there.Writer), new Duplex(there.Reader, back.Writer));
    }

    private sealed record Duplex(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
