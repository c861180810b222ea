using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Coracle.Kinds.AdmissionRegistration.V1;
using Coracle.Schema;

namespace Coracle.Kinds.Apiextensions.V1;

/// <summary>What a definition may say of conversion.</summary>
public static class ConversionRules
{
    internal static bool IsKnownReview(string version) => version is "v1" or "v1beta1";

    internal static void Validate(CustomResourceConversion conversion, DefinitionChecks checks, FieldPath path, FieldErrors errors)
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
        else if (client.Url is { } url) WebhookAddress.Url(url, path / "url", errors);
        else WebhookAddress.Service(Place(client.Service!), path / "service", errors);
        if (client.CaBundle is { Length: > 0 } bundle && !checks.AllowInvalidBundle && !IsBundle(bundle))
            errors.Invalid(path / "caBundle", Convert.ToBase64String(bundle), "unable to load root certificates: unable to parse bytes as PEM block");
    }

    private static Kinds.AdmissionRegistration.V1.ServiceReference Place(ServiceReference service) => new() { Namespace = service.Namespace, Name = service.Name, Path = service.Path, Port = service.Port ?? 443 };

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
