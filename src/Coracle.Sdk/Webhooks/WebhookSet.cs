using System.Globalization;
using System.Text;
using Coracle.Kinds.Meta.V1;
using Coracle.Schema;

namespace Coracle.Sdk;

/// <summary>
/// The webhooks of a program: handlers by path, and the conversions. It knows nothing of sockets: <see cref="AnswerAsync"/> makes bytes of bytes, whoever brings them (a server in a pod, a cluster in the same
/// process).
/// <code>
/// var webhooks = new WebhookSet(client.Options).Default(new BackupDefaulter()).Validate(new BackupValidator()).Convert(Backups.Versions);
/// </code>
/// </summary>
public sealed class WebhookSet
{
    /// <summary>Where conversions are served.</summary>
    public const string ConversionPath = "/convert";

    /// <summary>Longer bodies are refused: two objects of 3 MB, and the rest of a request.</summary>
    public const int BodyBytesMax = 7 * 1024 * 1024;

    private readonly SortedDictionary<string, (WebhookDeclaration Declaration, IAdmissionHandler Handler)> handlers = new(StringComparer.Ordinal);
    private readonly List<Conversion> conversions = [];
    private readonly ClientOptions options;
    private readonly WebhookServingMetrics metrics;

    /// <param name="options">Clock, log and metrics; best a client's.</param>
    public WebhookSet(ClientOptions? options = null)
    {
        this.options = options ?? new();
        metrics = new(this.options.Metrics);
    }

    /// <summary>What there is of admission, by path.</summary>
    public IReadOnlyList<WebhookDeclaration> Declarations => [.. handlers.Values.Select(h => h.Declaration)];

    /// <summary>The kinds that are converted.</summary>
    public IReadOnlyList<Conversion> Conversions => conversions;

    /// <summary>Objects of this kind are filled in when created or updated.</summary>
    public WebhookSet Default<T>(IDefaulter<T> defaulter) where T : class, IKind<T> => Handle(Declared<T>(defaulter, mutating: true), new MutatingHandler<T>(async (obj, request, cancel) =>
    {
        await defaulter.DefaultAsync(obj, request, cancel);
        return obj;
    }));

    /// <summary>Objects of this kind may be changed when created or updated.</summary>
    public WebhookSet Mutate<T>(IMutator<T> mutator) where T : class, IKind<T> => Handle(Declared<T>(mutator, mutating: true), new MutatingHandler<T>(mutator.MutateAsync));

    /// <summary>Changes of objects of this kind are allowed or refused.</summary>
    public WebhookSet Validate<T>(IValidator<T> validator) where T : class, IKind<T> => Handle(Declared<T>(validator, mutating: false), new ValidatingHandler<T>(validator));

    /// <summary>Requests of any kind are answered by hand. Throws where the path is taken.</summary>
    public WebhookSet Handle(WebhookDeclaration declaration, IAdmissionHandler handler)
    {
        if (declaration.Path == ConversionPath || !handlers.TryAdd(declaration.Path, (declaration, handler))) throw new ArgumentException($"can't register duplicate path: {declaration.Path}", nameof(declaration));
        return this;
    }

    /// <summary>Objects of this kind are converted between its versions.</summary>
    public WebhookSet Convert(Conversion conversion)
    {
        conversions.Add(conversion);
        return this;
    }

    private static WebhookDeclaration Declared<T>(object handler, bool mutating) where T : class, IKind<T> => WebhookDeclaration.Of(T.Info, mutating, (handler as IDeclaredWebhook)?.Declared);

    /// <summary>
    /// Answers one call. Whatever was sent, there is an answer; a handler that throws is counted, told in the log, and answered for with an error.
    /// </summary>
    /// <param name="path">The URL's path, without query.</param>
    /// <param name="contentType">The body's, as the header says it.</param>
    /// <param name="body">The body; one longer than <see cref="BodyBytesMax"/> need not be whole.</param>
    /// <param name="cancel">Nobody waits for the answer any more.</param>
    public async ValueTask<WebhookReply> AnswerAsync(string path, string contentType, ReadOnlyMemory<byte> body, CancellationToken cancel)
    {
        var found = handlers.TryGetValue(path, out var known);
        if (!found && (path != ConversionPath || conversions.Count == 0)) return new(404, "text/plain; charset=utf-8", "404 page not found\n"u8.ToArray());
        using var call = metrics.Begin(path, options.Time);
        var reply = found ? await AdmitAsync(known.Handler, path, contentType, body, cancel) : Converted(body);
        call.Code = reply.Status;
        return reply;
    }

    private async ValueTask<WebhookReply> AdmitAsync(IAdmissionHandler handler, string path, string contentType, ReadOnlyMemory<byte> body, CancellationToken cancel)
    {
        if (body.IsEmpty) return Reply(Verdict.Error(400, "request body is empty"), default);
        if (body.Length > BodyBytesMax) return Reply(Verdict.Error(413, string.Create(CultureInfo.InvariantCulture, $"request entity is too large; limit is {BodyBytesMax} bytes")), default);
        if (contentType != "application/json") return Reply(Verdict.Error(400, $"contentType={contentType}, expected application/json"), default);
        AdmissionReview.Envelope envelope = default;
        try
        {
            if (AdmissionReview.Read(body, out envelope, out var error) is not { } request) return Reply(Verdict.Error(400, error), default);
            return Reply(await handler.HandleAsync(request, cancel), envelope);
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            throw;
        }
        catch (ApiException e)
        {
            return Reply(Verdict.Deny(e.Status), envelope);
        }
        catch (Exception e) // whatever a handler throws
        {
            metrics.Panics.Add();
            options.Log(new(LogSeverity.Error, "webhook", $"{path} threw", e));
            return Reply(Verdict.Error(500, $"panic: {e.Message} [recovered]"), envelope);
        }
    }

    private static WebhookReply Reply(Verdict verdict, AdmissionReview.Envelope envelope) => new(200, "application/json", AdmissionReview.Write(verdict, envelope));

    private WebhookReply Converted(ReadOnlyMemory<byte> body)
    {
        var answer = ConversionReview.Answer(body, conversions, e =>
        {
            metrics.ConversionPanics.Add();
            options.Log(new(LogSeverity.Error, "webhook", "a conversion threw", e));
        });
        return answer is null ? new(400, "text/plain; charset=utf-8", Encoding.UTF8.GetBytes("")) : new(200, "application/json", answer);
    }
}

/// <summary>What a webhook answers over HTTP.</summary>
public sealed record WebhookReply(int Status, string ContentType, ReadOnlyMemory<byte> Body);
