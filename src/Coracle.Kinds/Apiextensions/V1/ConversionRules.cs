using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Coracle.Schema;

namespace Coracle.Kinds.Apiextensions.V1;

/// <summary>What a definition may say of conversion.</summary>
internal static class ConversionRules
{
    public static bool IsKnownReview(string version) => version is "v1" or "v1beta1";

    public static void Validate(CustomResourceConversion conversion, DefinitionChecks checks, FieldPath path, FieldErrors errors)
    {
        CustomResourceDefinitionRules.OneOf(conversion.Strategy, ["None", "Webhook"], path / "strategy", errors);
        var client = conversion.Webhook?.ClientConfig;
        var reviews = conversion.Webhook?.ConversionReviewVersions ?? [];
        if (conversion.Strategy != "Webhook")
        {
            const string detail = "should not be set when strategy is not set to Webhook";
            if (client is not null) errors.Forbidden(path / "webhookClientConfig", detail);
            if (reviews.Count > 0) errors.Forbidden(path / "conversionReviewVersions", detail);
            return;
        }
        Client(client, checks, path / "webhookClientConfig", errors);
        Reviews(reviews, checks, path / "conversionReviewVersions", errors);
    }

    private static void Client(WebhookClientConfig? client, DefinitionChecks checks, FieldPath path, FieldErrors errors)
    {
        if (client is null)
        {
            errors.Required(path, "required when strategy is set to Webhook");
            return;
        }
        if (client.Url is null == client.Service is null) errors.Required(path, "exactly one of url or service is required");
        else if (client.Url is { } url) Url(url, path / "url", errors);
        else Service(client.Service!, path / "service", errors);
        if (client.CaBundle is { Length: > 0 } bundle && !checks.AllowInvalidBundle && !IsBundle(bundle))
            errors.Invalid(path / "caBundle", Convert.ToBase64String(bundle), "unable to load root certificates: unable to parse bytes as PEM block");
    }

    /// <summary>Whether bytes are certificates in PEM.</summary>
    public static bool IsBundle(byte[] bundle)
    {
        try
        {
            var certificates = new X509Certificate2Collection();
            certificates.ImportFromPem(System.Text.Encoding.UTF8.GetString(bundle));
            foreach (var certificate in certificates) certificate.Dispose();
            return certificates.Count > 0;
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    private static void Url(string text, FieldPath path, FieldErrors errors)
    {
        const string form = "; desired format: https://host[/path]";
        var scheme = text.IndexOf(':', StringComparison.Ordinal) is > 0 and var colon && text[..colon].All(c => char.IsAsciiLetterOrDigit(c) || c is '+' or '-' or '.') ? text[..colon].ToLowerInvariant() : "";
        if (scheme != "https") errors.Invalid(path, scheme, $"'https' is the only allowed URL scheme{form}");
        if (!Uri.TryCreate(text, UriKind.Absolute, out var url) || url.Host.Length == 0)
        {
            errors.Invalid(path, "", $"host must be specified{form}");
            return;
        }
        if (url.UserInfo.Length > 0) errors.Invalid(path, url.UserInfo, "user information is not permitted in the URL");
        if (url.Fragment.Length > 1) errors.Invalid(path, url.Fragment[1..], "fragments are not permitted in the URL");
        if (url.Query.Length > 1) errors.Invalid(path, url.Query[1..], "query parameters are not permitted in the URL");
    }

    // Upstream takes the name for the namespace here and the other way round.
    private static void Service(ServiceReference service, FieldPath path, FieldErrors errors)
    {
        if (service.Namespace.Length == 0) errors.Required(path / "name");
        if (service.Name.Length == 0) errors.Required(path / "namespace");
        var port = service.Port ?? 443;
        if (NameRules.PortNumber(port) is { Count: > 0 } bad) errors.Invalid(path / "port", port, "port is not valid: " + string.Join(", ", bad));
        if (service.Path is { Length: > 0 } text && text != "/") Path(text, path / "path", errors);
    }

    private static void Path(string text, FieldPath path, FieldErrors errors)
    {
        if (text == "//")
        {
            errors.Invalid(path, text, "segment[0] may not be empty");
            return;
        }
        if (text[0] != '/') errors.Invalid(path, text, "must start with a '/'");
        var steps = (text[1..].EndsWith('/') ? text[1..^1] : text[1..]).Split('/');
        for (var i = 0; i < steps.Length; i++)
        {
            if (steps[i].Length == 0) errors.Invalid(path, text, $"segment[{i}] may not be empty");
            else foreach (var problem in NameRules.Dns1123Subdomain(steps[i])) errors.Invalid(path, text, $"segment[{i}]: {problem}");
        }
    }

    private static void Reviews(List<string> versions, DefinitionChecks checks, FieldPath path, FieldErrors errors)
    {
        if (versions.Count == 0)
        {
            errors.Required(path);
            return;
        }
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < versions.Count; i++)
        {
            if (!seen.Add(versions[i])) errors.Invalid(path[i], versions[i], "duplicate version");
            else foreach (var problem in NameRules.Dns1035Label(versions[i])) errors.Invalid(path[i], versions[i], problem);
        }
        if (checks.RequireKnownReviews && !versions.Any(IsKnownReview))
            errors.Invalid(path, new System.Text.Json.Nodes.JsonArray([.. versions.Select(v => (System.Text.Json.Nodes.JsonNode)v)]), "must include at least one of v1, v1beta1");
    }
}
