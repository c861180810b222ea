using Coracle.Schema;

namespace Coracle.Kinds.AdmissionRegistration.V1;

/// <summary>Where webhooks may be: URLs and paths of services (upstream: apiserver, util/webhook/validation.go).</summary>
public static class WebhookAddress
{
    private const string Form = "; desired format: https://host[/path]";

    public static void Url(string url, FieldPath path, FieldErrors errors)
    {
        if (url.Any(char.IsControl))
        {
            errors.Required(path, $"url must be a valid URL: parse {GoText.Quote(url)}: net/url: invalid control character in URL{Form}");
            return;
        }
        var (rest, fragment) = Cut(url, '#');
        (rest, var query) = Cut(rest, '?');
        var at = rest.IndexOf("://", StringComparison.Ordinal);
        var scheme = at > 0 ? rest[..at].ToLowerInvariant() : "";
        var (host, _) = at > 0 ? Cut(rest[(at + 3)..], '/') : ("", null);
        var user = host.LastIndexOf('@');
        if (scheme != "https") errors.Invalid(path, scheme, "'https' is the only allowed URL scheme" + Form);
        if (host.Length == user + 1) errors.Invalid(path, "", "host must be specified" + Form);
        if (user >= 0) errors.Invalid(path, host[..user], "user information is not permitted in the URL");
        if (fragment is { Length: > 0 }) errors.Invalid(path, fragment, "fragments are not permitted in the URL");
        if (query is { Length: > 0 }) errors.Invalid(path, query, "query parameters are not permitted in the URL");
    }

    private static (string Head, string? Tail) Cut(string text, char mark)
    {
        var at = text.IndexOf(mark, StringComparison.Ordinal);
        return at < 0 ? (text, null) : (text[..at], text[(at + 1)..]);
    }

    public static void Service(ServiceReference service, FieldPath path, FieldErrors errors)
    {
        // Upstream hands name and namespace over the wrong way round, and says so of the other one.
        if (service.Namespace.Length == 0) errors.Required(path / "name");
        if (service.Name.Length == 0) errors.Required(path / "namespace");
        if (NameRules.PortNumber(service.Port ?? 0) is { Count: > 0 } wrong) errors.Invalid(path / "port", service.Port ?? 0, "port is not valid: " + string.Join(", ", wrong));
        if (service.Path is { Length: > 0 } given and not "/") Path(given, path / "path", errors);
    }

    private static void Path(string given, FieldPath path, FieldErrors errors)
    {
        if (given == "//")
        {
            errors.Invalid(path, given, "segment[0] may not be empty");
            return;
        }
        if (given[0] != '/') errors.Invalid(path, given, "must start with a '/'");
        var inner = given[1..];
        if (inner.EndsWith('/')) inner = inner[..^1];
        var segments = inner.Split('/');
        for (var i = 0; i < segments.Length; i++)
        {
            if (segments[i].Length == 0) errors.Invalid(path, given, $"segment[{i}] may not be empty");
            else
                foreach (var problem in NameRules.Dns1123Subdomain(segments[i]))
                    errors.Invalid(path, given, $"segment[{i}]: {problem}");
        }
    }
}
