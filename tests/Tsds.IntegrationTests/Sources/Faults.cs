using Microsoft.AspNetCore.Http;

namespace Tsds.IntegrationTests.Sources;

/// <summary>The faults between a server and its client, in turn: most answers have one, none for ever.</summary>
internal sealed class Faults
{
    private readonly Hold _hold = new();
    private int _answers;

    /// <summary>Gets the number of answers that went wrong.</summary>
    public int Count { get; private set; }

    /// <summary>Gets or sets a value indicating whether anything goes wrong.</summary>
    public bool AreOn { get; set; } = true;

    /// <summary>Keeps back what comes after some more answers, until <see cref="Release"/>.</summary>
    /// <param name="answers">How many are sent before.</param>
    /// <returns>Ends when the first one is kept back.</returns>
    public Task HoldAfter(int answers) => _hold.After(answers);

    /// <summary>Sends what was kept back, and all that follows.</summary>
    public void Release() => _hold.Release();

    /// <summary>Waits where an answer is kept back, and says what is wrong with the next one.</summary>
    /// <param name="gone">Says that nobody waits for it any more.</param>
    public async Task<Fault> NextAsync(CancellationToken gone)
    {
        await _hold.PassAsync(gone);
        Fault fault = AreOn
            ? (Fault)(Interlocked.Increment(ref _answers) % Enum.GetValues<Fault>().Length)
            : Fault.None;
        Count += fault is Fault.None or Fault.Slow ? 0 : 1;
        return fault;
    }

    /// <summary>Sends an answer, or a worse one.</summary>
    /// <param name="context">The request; status and headers of the right answer are set.</param>
    /// <param name="body">The body of the right answer.</param>
    public async Task SendAsync(HttpContext context, ReadOnlyMemory<byte> body)
    {
        HttpResponse response = context.Response;
        switch (await NextAsync(context.RequestAborted))
        {
            case Fault.Unavailable:
                response.Clear();
                response.StatusCode = StatusCodes.Status503ServiceUnavailable;
                response.Headers.RetryAfter = "0";
                return;
            case Fault.Broken:
                // The length that was promised does not come.
                response.ContentLength = body.Length;
                await response.Body.WriteAsync(body[..(body.Length / 2)]);
                await response.Body.FlushAsync();
                context.Abort();
                return;
            case Fault.Short:
                // A wrong length: a whole answer of half of what was asked for.
                response.ContentLength = body.Length / 2;
                await response.Body.WriteAsync(body[..(body.Length / 2)]);
                return;
            case Fault.Closed:
                context.Abort();
                return;
            case Fault.Slow:
                response.ContentLength = body.Length;
                int step = Math.Max(1, body.Length / 4);
                for (int sent = 0; sent < body.Length; sent += step)
                {
                    await response.Body.WriteAsync(body[sent..Math.Min(body.Length, sent + step)]);
                    await response.Body.FlushAsync();
                    await Task.Delay(5);
                }

                return;
            default:
                response.ContentLength = body.Length;
                await response.Body.WriteAsync(body);
                return;
        }
    }
}
