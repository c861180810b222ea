using System.Text;
using System.Text.Json.Nodes;
using Coracle.Kinds.AdmissionRegistration.V1;
using Coracle.Kinds.Apiextensions.V1;
using Coracle.Kinds.Core.V1;

namespace Coracle.Sdk;

/// <summary>Where certificates are kept, for which names, and who is told of their authority.</summary>
public sealed record WebhookCertificateOptions
{
    /// <summary>Of the secret.</summary>
    public required string Namespace { get; init; }

    /// <summary>The secret that holds authority and certificate, for all replicas.</summary>
    public string SecretName { get; init; } = "webhook-certificates";

    /// <summary>The names by which the server is called: <see cref="WebhookPlace.DnsNames"/>.</summary>
    public required IReadOnlyList<string> DnsNames { get; init; }

    /// <summary>How long an authority lives. More than twice as long as what it signs.</summary>
    public TimeSpan AuthorityLifetime { get; init; } = TimeSpan.FromDays(3650);

    /// <summary>How long a certificate lives.</summary>
    public TimeSpan ServingLifetime { get; init; } = TimeSpan.FromDays(90);

    /// <summary>Mutating and validating webhook configurations of this name are told of the authority.</summary>
    public IReadOnlyList<string> Configurations { get; init; } = [];

    /// <summary>Definitions whose conversion webhook is told of it: "chaoscrons.chaos.coracle.dev".</summary>
    public IReadOnlyList<string> Definitions { get; init; } = [];
}

/// <summary>
/// Keeps a webhook server's certificate: makes an authority and a certificate, keeps them in a secret, renews each when a third of its life is left, and puts the authority into the webhook configurations and
/// definitions that name the server, whoever takes it out again. Every replica runs one, leader or not: they agree by way of the secret.
/// <code>
/// var certificates = new WebhookCertificates(informers, new() { Namespace = "chaos", DnsNames = place.DnsNames, Configurations = ["chaos"] });
/// host.Add(certificates.Controller);
/// </code>
/// </summary>
public sealed class WebhookCertificates : IReconciler, IDeclaredRules
{
    // There is but one thing to do, whatever changed.
    private static readonly Key All = new("", "certificates");

    // Something may have been missed, and a timer need not count in years.
    private static readonly TimeSpan LookAgain = TimeSpan.FromHours(12);

    private readonly Client client;
    private readonly WebhookCertificateOptions options;
    private readonly CertificateRotation rotation;
    private readonly TaskCompletionSource ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile ServingCertificate? current;

    public WebhookCertificates(InformerSet informers, WebhookCertificateOptions options)
    {
        if (options.DnsNames.Count == 0) throw new ArgumentException("a certificate needs a name", nameof(options));
        if (options.AuthorityLifetime < options.ServingLifetime * 2) throw new ArgumentException("an authority must live more than twice as long as what it signs", nameof(options));
        client = informers.Client.As("webhook-certificates");
        this.options = options;
        rotation = new(options.DnsNames, options.AuthorityLifetime, options.ServingLifetime);
        var builder = new ControllerBuilder("webhook-certificates", informers)
            .Watches<Secret>(static _ => [All], scope: new() { Namespace = options.Namespace, FieldSelector = "metadata.name=" + options.SecretName }).Source(static controller => controller.Enqueue(All));
        if (options.Configurations.Count > 0)
            builder.Watches(informers.Metadata<MutatingWebhookConfiguration>(), obj => options.Configurations.Contains(obj.Metadata.Name) ? [All] : [])
                .Watches(informers.Metadata<ValidatingWebhookConfiguration>(), obj => options.Configurations.Contains(obj.Metadata.Name) ? [All] : []);
        if (options.Definitions.Count > 0) builder.Watches(informers.Metadata<CustomResourceDefinition>(), obj => options.Definitions.Contains(obj.Metadata.Name) ? [All] : []);
        Controller = builder.Build(this);
    }

    /// <summary>Keeps all this up to date; to be run by a host without election.</summary>
    public Controller Controller { get; }

    /// <summary>What to serve with now; null before the first is there.</summary>
    public ServingCertificate? Current => current;

    /// <summary>Completes once there is something to serve with.</summary>
    public Task ReadyAsync(CancellationToken cancel = default) => ready.Task.Or(cancel);

    /// <summary>What it must be allowed to do besides filling its caches.</summary>
    public IReadOnlyList<RbacRule> Rules =>
    [
        RbacRule.Of("", "secrets", "create") with { Namespace = options.Namespace },
        RbacRule.Of("", "secrets", "get", "update") with { Namespace = options.Namespace, Names = [options.SecretName] },
        .. options.Configurations.Count == 0 ? (RbacRule[])[] :
        [
            RbacRule.Of(MutatingWebhookConfiguration.Info.Group, MutatingWebhookConfiguration.Info.Plural, "get", "patch") with { Names = options.Configurations },
            RbacRule.Of(ValidatingWebhookConfiguration.Info.Group, ValidatingWebhookConfiguration.Info.Plural, "get", "patch") with { Names = options.Configurations },
        ],
        .. options.Definitions.Count == 0 ? (RbacRule[])[] : [RbacRule.Of(CustomResourceDefinition.Info.Group, CustomResourceDefinition.Info.Plural, "get", "patch") with { Names = options.Definitions }],
    ];

    /// <summary>1. Keep the secret. 2. Serve with what it holds. 3. Tell of its authority. 4. Come again when something is due.</summary>
    public async ValueTask<Result> ReconcileAsync(Key key, CancellationToken cancel)
    {
        if (await KeepAsync(cancel) is not { } data) return Result.After(TimeSpan.FromMilliseconds(100));   // 1
        if (ServingCertificate.Of(data) is not { } serving) return Result.Fail("the certificate that was written cannot be read");
        if (current?.CertificatePem != serving.CertificatePem || current.BundlePem != serving.BundlePem) current = serving;   // 2
        ready.TrySetResult();
        foreach (var name in options.Configurations)                                                        // 3
        {
            await TellAsync(ApiResource.Of<MutatingWebhookConfiguration>(), name, serving, cancel);
            await TellAsync(ApiResource.Of<ValidatingWebhookConfiguration>(), name, serving, cancel);
        }
        foreach (var name in options.Definitions) await TellAsync(ApiResource.Of<CustomResourceDefinition>(), name, serving, cancel);
        var wait = rotation.Due(data) - client.Time.GetUtcNow();
        return Result.After(wait < LookAgain ? wait : LookAgain);                                           // 4
    }

    // Null where another replica was faster.
    private async ValueTask<IReadOnlyDictionary<string, byte[]>?> KeepAsync(CancellationToken cancel)
    {
        var found = await client.TryGetAsync<Secret>(new(options.Namespace, options.SecretName), cancel);
        if (rotation.Step(found?.Data ?? [], client.Time.GetUtcNow()) is not { } wanted) return found!.Data!;
        var secret = found?.DeepCopy() ?? new Secret { Metadata = new() { Namespace = options.Namespace, Name = options.SecretName }, Type = SecretType.TLS };
        secret.Data = new(wanted, StringComparer.Ordinal);
        var written = found is null ? await client.TryCreateAsync(secret, cancel) : await client.TryUpdateAsync(secret, cancel);
        if (written.IsAlreadyExists || written.IsConflict) return null;
        written.OrThrow();
        client.Log(LogSeverity.Info, "webhook-certificates", $"{(found is null ? "made" : "renewed")} the certificate of {options.DnsNames[0]} in {secret.Metadata.Namespace}/{secret.Metadata.Name}");
        return wanted;
    }

    /// <summary>Changes the authority alone, of webhooks that are still where they were found; what others write at the same time stays.</summary>
    private async ValueTask TellAsync(ApiResource resource, string name, ServingCertificate serving, CancellationToken cancel)
    {
        var dynamic = client.Dynamic(resource);
        if (await dynamic.TryGetAsync(new(name), cancel) is not { } obj) return;
        var bundle = Convert.ToBase64String(serving.Bundle.Span);
        var changes = new JsonArray();
        foreach (var (path, holder) in Places(obj))
        {
            if (holder["clientConfig"] is not JsonObject config || config["caBundle"]?.ToString() == bundle) continue;
            if (holder["name"] is { } hook) changes.Add((JsonNode)new JsonObject { ["op"] = "test", ["path"] = path + "/name", ["value"] = hook.DeepClone() });
            changes.Add((JsonNode)new JsonObject { ["op"] = "add", ["path"] = path + "/clientConfig/caBundle", ["value"] = bundle });
        }
        if (changes.Count == 0) return;
        var told = await dynamic.TryPatchAsync(new(name), Patch.Json(changes), cancel: cancel);
        if (!told.IsNotFound) told.OrThrow();
    }

    private static IEnumerable<(string Path, JsonObject Holder)> Places(DynamicObject obj)
    {
        if (obj["spec"]?["conversion"]?["webhook"] is JsonObject conversion) yield return ("/spec/conversion/webhook", conversion);
        if (obj["webhooks"] is not JsonArray hooks) yield break;
        for (var i = 0; i < hooks.Count; i++)
            if (hooks[i] is JsonObject hook) yield return ($"/webhooks/{i}", hook);
    }
}
