using Coracle.Kinds.Core.V1;
using Coracle.Kinds.Validation;
using Coracle.Schema;

namespace Coracle.Kinds.Networking.V1;

/// <summary>Hosts, paths and backends of ingresses (upstream: apis/networking/validation, ValidateIngressSpec).</summary>
public sealed partial class IngressRules
{
    private const string ClassAnnotation = "kubernetes.io/ingress.class";
    private static readonly FieldPath SpecPath = FieldPath.Of("spec");
    private static readonly string[] NotInPaths = ["//", "/./", "/../", "%2f", "%2F"];
    private static readonly string[] NotAtTheEnd = ["/..", "/."];

    /// <summary>What an ingress that had them before may keep.</summary>
    private readonly record struct Tolerance(bool SecretNames, bool WildcardRules, bool ServiceNames);

    public override void Validate(Ingress obj, FieldErrors errors)
    {
        Spec(obj.Spec, default, errors);
        if (obj.Metadata.Annotations?.GetValueOrDefault(ClassAnnotation) is { } annotated && obj.Spec.IngressClassName is { } name && annotated != name)
            errors.Invalid(FieldPath.Of("annotations") / ClassAnnotation, annotated, "must match `ingressClassName` when both are specified");
    }

    public override void ValidateUpdate(Ingress obj, Ingress old, string subresource, FieldErrors errors)
    {
        if (subresource == "status") Status(obj.Status, old.Status, errors);
        else Spec(obj.Spec, ToleranceOf(old.Spec), errors);
    }

    public override void Warn(Ingress obj, Ingress? old, List<string> warnings)
    {
        if (old is null && obj.Metadata.Annotations?.ContainsKey(ClassAnnotation) == true)
            warnings.Add($"annotation \"{ClassAnnotation}\" is deprecated, please use 'spec.ingressClassName' instead");
    }

    private static Tolerance ToleranceOf(IngressSpec old) => new(
        (old.Tls ?? []).Any(t => t.SecretName.Length > 0 && NameRules.Dns1123Subdomain(t.SecretName).Count > 0),
        (old.Rules ?? []).Any(r => r.Host.Contains('*', StringComparison.Ordinal) && IsWrong(r)),
        (old.Rules ?? []).SelectMany(r => r.Http?.Paths ?? []).Select(p => p.Backend).Append(old.DefaultBackend)
            .Any(b => b?.Service is { } service && NameRules.Dns1123Label(service.Name).Count == 0 && NameRules.Dns1035Label(service.Name).Count > 0));

    private static bool IsWrong(IngressRule rule)
    {
        var errors = new FieldErrors();
        Paths(rule.Http, default, FieldPath.Root, errors);
        return errors.Count > 0;
    }

    private static void Spec(IngressSpec spec, Tolerance tolerance, FieldErrors errors)
    {
        if (spec.Rules is not { Count: > 0 } && spec.DefaultBackend is null) errors.Invalid(SpecPath, null, "either `defaultBackend` or `rules` must be specified");
        if (spec.DefaultBackend is { } backend) Backend(backend, tolerance, SpecPath / "defaultBackend", errors);
        for (var i = 0; i < (spec.Rules?.Count ?? 0); i++) Rule(spec.Rules![i], tolerance, (SpecPath / "rules")[i], errors);
        for (var i = 0; i < (spec.Tls?.Count ?? 0); i++) Tls(spec.Tls![i], tolerance, (SpecPath / "tls")[i], errors);
        if (spec.IngressClassName is { } name) errors.Subdomain(SpecPath / "ingressClassName", name);
    }

    private static void Tls(IngressTLS tls, Tolerance tolerance, FieldPath path, FieldErrors errors)
    {
        for (var i = 0; i < (tls.Hosts?.Count ?? 0); i++) Host(tls.Hosts![i], (path / "hosts")[i], errors);
        if (!tolerance.SecretNames && tls.SecretName.Length > 0) errors.Subdomain(path / "secretName", tls.SecretName);
    }

    private static void Host(string host, FieldPath path, FieldErrors errors) =>
        errors.Problems(path, host, host.Contains('*', StringComparison.Ordinal) ? NameRules.WildcardDns1123Subdomain(host) : NameRules.Dns1123Subdomain(host));

    private static void Rule(IngressRule rule, Tolerance tolerance, FieldPath path, FieldErrors errors)
    {
        if (rule.Host.Length > 0)
        {
            if (Checks.ParseIp(rule.Host) is not null) errors.Invalid(path / "host", rule.Host, "must be a DNS name, not an IP address");
            Host(rule.Host, path / "host", errors);
        }
        if (!tolerance.WildcardRules || !rule.Host.Contains('*', StringComparison.Ordinal)) Paths(rule.Http, tolerance, path, errors);
    }

    private static void Paths(HTTPIngressRuleValue? http, Tolerance tolerance, FieldPath path, FieldErrors errors)
    {
        if (http is null) return;
        if (http.Paths is not { Count: > 0 } paths) errors.Required(path / "http" / "paths");
        else
            for (var i = 0; i < paths.Count; i++) OnePath(paths[i], tolerance, (path / "http" / "paths")[i], errors);
    }

    private static void OnePath(HTTPIngressPath path, Tolerance tolerance, FieldPath place, FieldErrors errors)
    {
        var text = path.Path;
        switch (path.PathType)
        {
            case null:
                errors.Required(place / "pathType", "pathType must be specified");
                return;
            case PathType.Exact or PathType.Prefix:
                if (!text.StartsWith('/')) errors.Invalid(place / "path", text, "must be an absolute path");
                foreach (var wrong in NotInPaths)
                    if (text.Contains(wrong, StringComparison.Ordinal)) errors.Invalid(place / "path", text, $"must not contain '{wrong}'");
                foreach (var wrong in NotAtTheEnd)
                    if (text.EndsWith(wrong, StringComparison.Ordinal)) errors.Invalid(place / "path", text, $"cannot end with '{wrong}'");
                break;
            case PathType.ImplementationSpecific:
                if (text.Length > 0 && !text.StartsWith('/')) errors.Invalid(place / "path", text, "must be an absolute path");
                break;
            default:
                errors.NotSupported(place / "pathType", path.PathType, [PathType.Exact, PathType.ImplementationSpecific, PathType.Prefix]);
                break;
        }
        Backend(path.Backend, tolerance, place / "backend", errors);
    }

    private static void Backend(IngressBackend backend, Tolerance tolerance, FieldPath path, FieldErrors errors)
    {
        switch (backend.Resource, backend.Service)
        {
            case (not null, not null):
                errors.Invalid(path, "", "cannot set both resource and service backends");
                break;
            case ({ } resource, null):
                Resource(resource, path / "resource", errors);
                break;
            case (null, { } service):
                Service(service, tolerance, path, errors);
                break;
            default:
                errors.Invalid(path, "", "resource or service backend is required");
                break;
        }
    }

    private static void Resource(TypedLocalObjectReference resource, FieldPath path, FieldErrors errors)
    {
        if (resource.ApiGroup is { } group) errors.Subdomain(path / "apiGroup", group);
        errors.Segment(path / "kind", resource.Kind);
        errors.Segment(path / "name", resource.Name);
    }

    private static void Service(IngressServiceBackend service, Tolerance tolerance, FieldPath path, FieldErrors errors)
    {
        var (name, port) = (service.Name, service.Port);
        if (name.Length == 0) errors.Required(path / "service" / "name");
        else errors.Problems(path / "service" / "name", name, tolerance.ServiceNames ? NameRules.Dns1123Label(name) : NameRules.Dns1035Label(name));
        if (port is { Name.Length: > 0, Number: not 0 }) errors.Invalid(path, "", "cannot set both port name & port number");
        else if (port.Name.Length > 0) errors.Problems(path / "service" / "port" / "name", port.Name, NameRules.PortName(port.Name));
        else if (port.Number != 0) errors.Problems(path / "service" / "port" / "number", port.Number, NameRules.PortNumber(port.Number));
        else errors.Required(path, "port name or number is required");
    }

    private static void Status(IngressStatus status, IngressStatus old, FieldErrors errors)
    {
        var accepted = (old.LoadBalancer.Ingress ?? []).Select(i => i.Ip).ToHashSet(StringComparer.Ordinal);
        var path = FieldPath.Of("status") / "loadBalancer" / "ingress";
        for (var i = 0; i < (status.LoadBalancer.Ingress?.Count ?? 0); i++)
        {
            var (ip, host) = (status.LoadBalancer.Ingress![i].Ip, status.LoadBalancer.Ingress[i].Hostname);
            if (ip.Length > 0) AddressForm.Strict(path[i] / "ip", ip, accepted, errors);
            if (host.Length == 0) continue;
            errors.Subdomain(path[i] / "hostname", host);
            if (Checks.ParseIp(host) is not null) errors.Invalid(path[i] / "hostname", host, "must be a DNS name, not an IP address");
        }
    }
}
