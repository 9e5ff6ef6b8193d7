using Microsoft.AspNetCore.Http;

namespace Tsds.IntegrationTests.Sources;

/// <summary>The faults between a server and its client, in turn: most answers have one, none for ever.</summary>
internal sealed class Faults
{
    private const int Kinds = 6;

    private int _answers;

    /// <summary>Gets the number of answers that went wrong.</summary>
    public int Count { get; private set; }

    /// <summary>Gets or sets a value indicating whether anything goes wrong.</summary>
    public bool AreOn { get; set; } = true;

    /// <summary>Sends an answer, or a worse one.</summary>
    /// <param name="context">The request; status and headers of the right answer are set.</param>
    /// <param name="body">The body of the right answer.</param>
    public async Task SendAsync(HttpContext context, ReadOnlyMemory<byte> body)
    {
        int kind = AreOn ? Interlocked.Increment(ref _answers) % Kinds : 0;
        Count += kind is 0 or 5 ? 0 : 1;
        HttpResponse response = context.Response;
        switch (kind)
        {
            case 1:
                response.Clear();
                response.StatusCode = StatusCodes.Status503ServiceUnavailable;
                response.Headers.RetryAfter = "0";
                return;
            case 2:
                // The length that was promised does not come.
                response.ContentLength = body.Length;
                await response.Body.WriteAsync(body[..(body.Length / 2)]);
                await response.Body.FlushAsync();
                context.Abort();
                return;
            case 3:
                // A wrong length: a whole answer of half of what was asked for.
                response.ContentLength = body.Length / 2;
                await response.Body.WriteAsync(body[..(body.Length / 2)]);
                return;
            case 4:
                context.Abort();
                return;
            case 5:
                // Slow.
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
