using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Coracle.Kinds.Certificates.V1;

namespace Coracle.Controllers.Certificates;

/// <summary>What a request for a certificate says in PKCS#10, and what is wrong with it for the signers of Kubernetes (upstream: apis/certificates/helpers.go).</summary>
internal sealed class SigningRequestFacts
{
    internal const string ClientSigner = "kubernetes.io/kube-apiserver-client";
    internal const string KubeletClientSigner = "kubernetes.io/kube-apiserver-client-kubelet";
    internal const string KubeletServingSigner = "kubernetes.io/kubelet-serving";

    private const string CommonNameId = "2.5.4.3";
    private const string OrganizationId = "2.5.4.10";
    private const string NodesGroup = "system:nodes";
    private const string NodePrefix = "system:node:";
    private const byte EmailTag = 0x81, DnsTag = 0x82, UriTag = 0x86, AddressTag = 0x87;

    private readonly List<string> organizations = [];
    private readonly HashSet<byte> alternatives = [];

    private SigningRequestFacts(CertificateRequest request)
    {
        foreach (var part in request.SubjectName.EnumerateRelativeDistinguishedNames())
        {
            if (part.HasMultipleElements) continue;
            var value = part.GetSingleElementValue() ?? "";
            if (part.GetSingleElementType().Value == CommonNameId) CommonName = value;
            else if (part.GetSingleElementType().Value == OrganizationId) organizations.Add(value);
        }
        foreach (var names in request.CertificateExtensions.OfType<X509SubjectAlternativeNameExtension>()) Read(names.RawData);
    }

    internal string CommonName { get; } = "";

    /// <summary>Null for what is no request in PKCS#10, or not signed by its key.</summary>
    internal static SigningRequestFacts? Of(CertificateSigningRequest csr)
    {
        try
        {
            return new(CertificateRequest.LoadSigningRequestPem(
                Encoding.UTF8.GetString(csr.Spec.Request ?? []), HashAlgorithmName.SHA256, CertificateRequestLoadOptions.UnsafeLoadCertificateExtensions, RSASignaturePadding.Pkcs1));
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException or NotSupportedException)
        {
            return null;
        }
    }

    // A sequence of names, each with the tag of its sort and one or two bytes of length: all that matters is which sorts there are.
    private void Read(ReadOnlySpan<byte> der)
    {
        var names = Content(der, out _);
        while (!names.IsEmpty)
        {
            alternatives.Add(names[0]);
            Content(names, out var whole);
            names = names[whole..];
        }
    }

    private static ReadOnlySpan<byte> Content(ReadOnlySpan<byte> der, out int whole)
    {
        var (length, start) = ((int)der[1], 2);
        if (length > 0x80)
        {
            (length, start) = (0, 2 + (der[1] & 0x7f));
            for (var i = 2; i < start; i++) length = length << 8 | der[i];
        }
        whole = start + length;
        return der[start..whole];
    }

    /// <summary>What is wrong with the request for its signer; null when nothing is.</summary>
    internal string? ProblemFor(CertificateSigningRequest csr) => csr.Spec.SignerName switch
    {
        ClientSigner => ClientUsages(csr.Spec.Usages ?? []),
        KubeletClientSigner => OfNode() ?? NoAlternatives() ?? Usages(csr, "client auth"),
        KubeletServingSigner => OfNode() ?? ServingAlternatives() ?? Usages(csr, "server auth"),
        _ => null,
    };

    private static string? ClientUsages(List<string> usages)
    {
        foreach (var usage in usages)
            if (usage is not ("digital signature" or "key encipherment" or "client auth")) return $"invalid usage for client certificate: {usage}";
        return usages.Contains("client auth") ? null : "missing required usage for client certificate: client auth";
    }

    private string? OfNode()
    {
        if (organizations is not [NodesGroup]) return "subject organization is not system:nodes";
        return CommonName.StartsWith(NodePrefix, StringComparison.Ordinal) ? null : "subject common name does not begin with system:node:";
    }

    private string? NoAlternatives() =>
        alternatives.Contains(DnsTag) ? "DNS subjectAltNames are not allowed"
        : alternatives.Contains(EmailTag) ? "Email subjectAltNames are not allowed"
        : alternatives.Contains(AddressTag) ? "IP subjectAltNames are not allowed"
        : alternatives.Contains(UriTag) ? "URI subjectAltNames are not allowed"
        : null;

    private string? ServingAlternatives() =>
        !alternatives.Contains(DnsTag) && !alternatives.Contains(AddressTag) ? "DNS or IP subjectAltName is required"
        : alternatives.Contains(EmailTag) ? "Email subjectAltNames are not allowed"
        : alternatives.Contains(UriTag) ? "URI subjectAltNames are not allowed"
        : null;

    private static string? Usages(CertificateSigningRequest csr, string authentication)
    {
        var usages = (csr.Spec.Usages ?? []).ToHashSet(StringComparer.Ordinal);
        return usages.SetEquals([authentication, "digital signature", "key encipherment"]) || usages.SetEquals([authentication, "digital signature"])
            ? null : $"usages did not match [{authentication} digital signature key encipherment]";
    }
}
