using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Coracle.Kinds.Core.V1;
using Coracle.Schema;

namespace Coracle.ApiServer;

/// <summary>Who and what Pod Security does not look at, and what it demands where a namespace says nothing.</summary>
public sealed record PodSecurityOptions
{
    public IReadOnlySet<string> ExemptUsers { get; init; } = new HashSet<string>();
    public IReadOnlySet<string> ExemptNamespaces { get; init; } = new HashSet<string>();
    public IReadOnlySet<string> ExemptRuntimeClasses { get; init; } = new HashSet<string>();

    /// <summary>The labels that a namespace has unless it has them itself.</summary>
    public IReadOnlyDictionary<string, string> Defaults { get; init; } = new Dictionary<string, string>();
}

/// <summary>Holds pods to the level that their namespace's labels ask for, and warns of workloads whose pods will not be (upstream: PodSecurity).</summary>
public sealed class PodSecurityAdmission : AdmissionPlugin
{
    private const string Prefix = "pod-security.kubernetes.io/";

    private readonly PodSecurityOptions _options;
    private readonly SecurityPolicy _defaults;

    public PodSecurityAdmission(PodSecurityOptions? options = null)
    {
        _options = options ?? new PodSecurityOptions();
        _defaults = SecurityPolicy.Of(_options.Defaults, default, null);
    }

    public override string Name => "PodSecurity";

    public override ValueTask<ApiStatus?> ValidateAsync(AdmissionContext context)
    {
        if (context.Operation is not (Operation.Create or Operation.Update)) return default;
        return new(context.Kind.Kind switch
        {
            "Pod" when context.Kind.Group.Length == 0 => context.Subresource is "" or "ephemeralcontainers" or "resize" ? Pod(context) : null,
            "Namespace" when context.Kind.Group.Length == 0 => context.Subresource.Length == 0 ? Namespace(context) : null,
            "ReplicationController" or "PodTemplate" when context.Kind.Group.Length == 0 => Workload(context),
            "ReplicaSet" or "Deployment" or "StatefulSet" or "DaemonSet" when context.Kind.Group == "apps" => Workload(context),
            "Job" or "CronJob" when context.Kind.Group == "batch" => Workload(context),
            _ => null,
        });
    }

    private ApiStatus? Pod(AdmissionContext context)
    {
        if (IsExempt(context)) return null;
        if (context.Server.Resources.Find("", "v1", "namespaces")!.Cache.Get(context.Namespace) is not { } ns)
            return ApiStatus.Internal($"failed to lookup namespace {GoText.Quote(context.Namespace)}");
        var errors = new FieldErrors();
        var policy = SecurityPolicy.Of(ns.Labels, _defaults, errors);
        if (policy.IsFullyPrivileged) return null;
        if (context.Old is { } old && !IsSignificant(context.Object!, old)) return null;
        return Judge(context, policy, errors, Read(context.Object!), enforce: true);
    }

    private ApiStatus? Workload(AdmissionContext context)
    {
        if (context.Subresource.Length > 0 || IsExempt(context)) return null;
        if (context.Server.Resources.Find("", "v1", "namespaces")!.Cache.Get(context.Namespace) is not { } ns) return null;
        var errors = new FieldErrors();
        var policy = SecurityPolicy.Of(ns.Labels, _defaults, errors);
        if (policy.Warn.Level == SecurityLevel.Privileged && policy.Audit.Level == SecurityLevel.Privileged) return null;
        return Template(context) is { } template ? Judge(context, policy, errors, Read(template), enforce: false) : null;
    }

    private static JsonObject? Template(AdmissionContext context)
    {
        if (context.Kind.Kind == "PodTemplate") return context.Object!["template"] as JsonObject;
        var spec = context.Object!["spec"] as JsonObject;
        if (context.Kind.Kind == "CronJob") spec = (spec?["jobTemplate"] as JsonObject)?["spec"] as JsonObject;
        return spec?["template"] as JsonObject;
    }

    // A pod and a template look alike as far as this goes. What is not valid is validation's to refuse, which has come before.
    private static SecuredPod? Read(JsonObject pod)
    {
        try
        {
            var read = ApiJson.Parse<PodTemplateSpec>(Encoder.Encode(pod, PodTemplateSpec.Schema));
            return new SecuredPod(read.Metadata.Annotations, read.Spec);
        }
        catch (Exception e) when (e is JsonException or FormatException or InvalidOperationException)
        {
            return null;
        }
    }

    private bool IsExempt(AdmissionContext context)
    {
        var why = _options.ExemptNamespaces.Contains(context.Namespace) ? "namespace" : _options.ExemptUsers.Contains(context.User.Name) ? "user" : null;
        if (why is not null) context.Request.Annotate(Prefix + "exempt", why);
        return why is not null;
    }

    private ApiStatus? Judge(AdmissionContext context, SecurityPolicy policy, FieldErrors errors, SecuredPod? pod, bool enforce)
    {
        if (pod is null) return null;
        if (pod.Spec.RuntimeClassName is { Length: > 0 } runtime && _options.ExemptRuntimeClasses.Contains(runtime))
        {
            context.Request.Annotate(Prefix + "exempt", "runtimeClass");
            return null;
        }
        if (errors.Count > 0) context.Request.Annotate(Prefix + "error", $"Failed to parse policy: {string.Join(", ", errors.All)}");
        ApiStatus? refused = null;
        if (enforce)
        {
            context.Request.Annotate(Prefix + "enforce-policy", policy.Enforce.ToString());
            var found = SecurityChecks.Run(policy.Enforce, pod);
            if (found.Count > 0) refused = ApiStatus.Forbidden(context.Request.Kind, context.ObjectName, $"violates PodSecurity {GoText.Quote(policy.Enforce.ToString())}: {SecurityChecks.Details(found)}");
        }
        var audited = SecurityChecks.Run(policy.Audit, pod);
        if (audited.Count > 0) context.Request.Annotate(Prefix + "audit-violations", Would(policy.Audit, audited));
        if (refused is not null) return refused;
        var warned = SecurityChecks.Run(policy.Warn, pod);
        if (warned.Count > 0) context.Request.Warnings.Add(Would(policy.Warn, warned));
        return null;
    }

    private static string Would(LevelVersion level, List<Violation> found) => $"would violate PodSecurity {GoText.Quote(level.ToString())}: {SecurityChecks.Details(found)}";

    // Of what an update may change, only images and new ephemeral containers matter here.
    private static bool IsSignificant(JsonObject pod, JsonObject old)
    {
        static List<(string Name, string Image)> Of(JsonObject obj, string list) =>
            [.. (obj["spec"]?[list] as JsonArray ?? []).OfType<JsonObject>().Select(c => (Meta.Text(c, "name"), Meta.Text(c, "image")))];
        foreach (var list in (ReadOnlySpan<string>)["containers", "initContainers"])
            if (!Of(pod, list).Select(c => c.Image).SequenceEqual(Of(old, list).Select(c => c.Image))) return true;
        var before = Of(old, "ephemeralContainers");
        return Of(pod, "ephemeralContainers").Exists(c => !before.Contains(c));
    }

    private ApiStatus? Namespace(AdmissionContext context)
    {
        var labels = LabelsOf(context.Object!);
        var errors = new FieldErrors();
        var policy = SecurityPolicy.Of(labels, _defaults, errors);
        var oldErrors = new FieldErrors();
        var old = context.Old is { } before ? SecurityPolicy.Of(LabelsOf(before), _defaults, oldErrors) : (SecurityPolicy?)null;
        if (errors.Count > 0 && (old is null || !errors.All.SequenceEqual(oldErrors.All))) return ApiStatus.Invalid(context.Kind, context.Name, errors.All);
        var changed = old is not { } was || policy.Enforce != was.Enforce && policy.Enforce.Level != SecurityLevel.Privileged
            && !(policy.Enforce.Minor == was.Enforce.Minor && policy.Enforce.Level <= was.Enforce.Level);
        if (!changed) return null;
        if (_options.ExemptNamespaces.Contains(context.Name))
        {
            if (policy.Ignored(labels, _defaults) is { Length: > 0 } ignored)
                context.Request.Warnings.Add($"namespace {GoText.Quote(context.Name)} is exempt from Pod Security, and the policy ({ignored}) will be ignored");
        }
        else if (old is not null) WarnOfPods(context, policy.Enforce);
        return null;
    }

    private static Dictionary<string, string> LabelsOf(JsonObject obj)
    {
        var labels = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (key, value) in Meta.Of(obj)["labels"] as JsonObject ?? [])
            if (value is JsonValue text && text.TryGetValue<string>(out var given)) labels[key] = given;
        return labels;
    }

    /// <summary>As many pods as are looked at when a namespace becomes stricter; of one owner the first comes before all others' second.</summary>
    private const int PodsMax = 3000;

    private void WarnOfPods(AdmissionContext context, LevelVersion enforce)
    {
        var pods = context.Server.Cache.Resource("pods").Last.After.From(context.Name + "/").TakeWhile(p => p.Namespace == context.Name).Select(Configuration.Read<Pod>).OfType<Pod>()
            .Where(p => p.Spec.RuntimeClassName is not { Length: > 0 } runtime || !_options.ExemptRuntimeClasses.Contains(runtime)).ToList();
        var owners = new HashSet<string>();
        var ordered = pods.OrderBy(p => (p.Metadata.OwnerReferences ?? []).Find(o => o.Controller == true) is { } owner && !owners.Add(owner.Uid)).ToList();
        var found = new SortedDictionary<string, SortedSet<string>>(StringComparer.Ordinal);
        foreach (var pod in ordered.Take(PodsMax))
        {
            var violations = SecurityChecks.Run(enforce, new SecuredPod(pod.Metadata.Annotations, pod.Spec));
            if (violations.Count == 0) continue;
            var reasons = SecurityChecks.Reasons(violations);
            if (!found.TryGetValue(reasons, out var names)) found[reasons] = names = new(StringComparer.Ordinal);
            names.Add(pod.Metadata.Name);
        }
        var warnings = context.Request.Warnings;
        if (ordered.Count > PodsMax)
            warnings.Add(string.Create(CultureInfo.InvariantCulture, $"new PodSecurity enforce level only checked against the first {PodsMax} of {ordered.Count} existing pods"));
        if (found.Count > 0) warnings.Add($"existing pods in namespace {GoText.Quote(context.Name)} violate the new PodSecurity enforce level {GoText.Quote(enforce.ToString())}");
        warnings.AddRange(found.Select(f => $"{Counted(f.Value)}: {f.Key}").Order(StringComparer.Ordinal));
    }

    private static string Counted(SortedSet<string> names) => names.Count switch
    {
        1 => names.Min!,
        2 => $"{names.Min} (and 1 other pod)",
        var count => $"{names.Min} (and {count - 1} other pods)",
    };
}
