namespace Coracle.Schema.Tests.Values;

public sealed class NameRulesTests
{
    private const string LabelText = "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";
    private const string SubdomainText = @"a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";

    [Theory]
    [InlineData("a")]
    [InlineData("0")]
    [InlineData("a--1")]
    [InlineData("x-1", "")]
    [InlineData("a.b", "must not contain dots")]
    [InlineData("A", LabelText)]
    [InlineData("-a", LabelText)]
    [InlineData("a-", LabelText)]
    [InlineData("", LabelText)]
    [InlineData("a_b", LabelText)]
    [InlineData("a..b", LabelText)]
    public void Dns_labels(string value, string error = "") => Assert.Equal(error, string.Join("|", NameRules.Dns1123Label(value)));

    [Fact]
    public void Lengths_count_bytes()
    {
        Assert.Empty(NameRules.Dns1123Label(new string('a', 63)));
        Assert.Equal(["must be no more than 63 characters"], NameRules.Dns1123Label(new string('a', 64)));
        Assert.Empty(NameRules.Dns1123Subdomain(new string('a', 253)));
        Assert.Equal(["must be no more than 253 characters"], NameRules.Dns1123Subdomain(new string('a', 254)));
        Assert.Equal(["must be no more than 63 bytes"], NameRules.LabelValue(new string('a', 64)));
        Assert.Equal(["name part must be no more than 63 bytes"], NameRules.LabelKey(new string('a', 64)));
        Assert.Equal(["prefix part must be no more than 253 bytes"], NameRules.LabelKey(new string('a', 254) + "/b"));
        Assert.Equal("must be no more than 63 characters", NameRules.Dns1123Label(new string('é', 40))[0]);
    }

    [Theory]
    [InlineData("a.b-c.0")]
    [InlineData("a")]
    [InlineData("a..b", SubdomainText)]
    [InlineData(".a", SubdomainText)]
    [InlineData("a.", SubdomainText)]
    [InlineData("a-.b", SubdomainText)]
    [InlineData("a.-b", SubdomainText)]
    [InlineData("", SubdomainText)]
    [InlineData("a.B", SubdomainText)]
    public void Dns_subdomains(string value, string error = "") => Assert.Equal(error, string.Join("|", NameRules.Dns1123Subdomain(value)));

    [Theory]
    [InlineData("a-1", true)]
    [InlineData("1a", false)]
    [InlineData("", false)]
    public void Dns_1035_labels(string value, bool valid) => Assert.Equal(valid, NameRules.Dns1035Label(value).Count == 0);

    [Theory]
    [InlineData("*.a.b", true)]
    [InlineData("*.*.b", false)]
    [InlineData("*", false)]
    [InlineData("a.b", false)]
    public void Wildcard_subdomains(string value, bool valid) => Assert.Equal(valid, NameRules.WildcardDns1123Subdomain(value).Count == 0);

    [Theory]
    [InlineData("_a.b_c", true)]
    [InlineData("a_.b", false)]
    [InlineData("__a", false)]
    public void Subdomains_with_underscore(string value, bool valid) => Assert.Equal(valid, NameRules.Dns1123SubdomainWithUnderscore(value).Count == 0);

    [Theory]
    [InlineData("simple")]
    [InlineData("now-with-dashes.and_more")]
    [InlineData("1.2.3.4/5678")]
    [InlineData("kubernetes.io/UPPER")]
    [InlineData("/a", "prefix part must be non-empty")]
    [InlineData("a/", "name part must be non-empty|name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')")]
    [InlineData("a/b/c", "a valid label key must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]') with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')")]
    [InlineData("-a", "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')")]
    [InlineData("A/b", "prefix part " + SubdomainText)]
    public void Label_keys(string value, string error = "")
    {
        Assert.Equal(error, string.Join("|", NameRules.LabelKey(value)));
        Assert.Equal(error.Length == 0, NameRules.IsLabelKey(value));
    }

    [Theory]
    [InlineData("A", "")]
    [InlineData("_a", "")]
    [InlineData(".hidden", "")]
    [InlineData("1a", "a valid environment variable name must consist of alphabetic characters, digits, '_', '-', or '.', and must not start with a digit (e.g. 'my.env-name',  or 'MY_ENV.NAME',  or 'MyEnvName1', regex used for validation is '[-._a-zA-Z][-._a-zA-Z0-9]*')")]
    [InlineData("..", "must not be '..'")]
    [InlineData("..a", "must not start with '..'")]
    public void Environment_variables(string value, string error) => Assert.Equal(error, string.Join("|", NameRules.EnvVarName(value)));

    [Theory]
    [InlineData("a b!", "")]
    [InlineData("", "environment variable name must be non-empty")]
    [InlineData("a=b", "a valid environment variable name must consist only of printable ASCII characters other than '='")]
    [InlineData("é", "a valid environment variable name must consist only of printable ASCII characters other than '='")]
    [InlineData("a\n", "a valid environment variable name must consist only of printable ASCII characters other than '='")]
    public void Relaxed_environment_variables(string value, string error) => Assert.Equal(error, string.Join("|", NameRules.RelaxedEnvVarName(value)));

    [Theory]
    [InlineData("a.B-c_1", "")]
    [InlineData(".", "must not be '.'")]
    [InlineData("a/b", "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')")]
    public void Config_keys(string value, string error) => Assert.Equal(error, string.Join("|", NameRules.ConfigMapKey(value)));

    [Theory]
    [InlineData("http", "")]
    [InlineData("a-1", "")]
    [InlineData("80", "must contain at least one letter (a-z)")]
    [InlineData("a--b", "must not contain consecutive hyphens")]
    [InlineData("-a", "must not begin or end with a hyphen")]
    [InlineData("A", "must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)|must contain at least one letter (a-z)")]
    [InlineData("abcdefghijklmnop", "must be no more than 15 characters")]
    public void Port_names(string value, string error) => Assert.Equal(error, string.Join("|", NameRules.PortName(value)));

    [Fact]
    public void Ranges()
    {
        Assert.Empty(NameRules.PortNumber(65535));
        Assert.Equal(["must be between 1 and 65535, inclusive"], NameRules.PortNumber(0));
        Assert.Equal(["must be between 0 and 2147483647, inclusive"], NameRules.UserId(-1));
    }

    [Theory]
    [InlineData("1%", true)]
    [InlineData("100%", true)]
    [InlineData("%", false)]
    [InlineData("-1%", false)]
    [InlineData("1", false)]
    public void Percentages(string value, bool valid) => Assert.Equal(valid, NameRules.Percent(value).Count == 0);

    [Theory]
    [InlineData("a", "")]
    [InlineData("..", "may not be '..'")]
    [InlineData("a/b%", "may not contain '/'|may not contain '%'")]
    public void Path_segments(string value, string error) => Assert.Equal(error, string.Join("|", NameRules.PathSegment(value)));

    [Theory]
    [InlineData("0", true)]
    [InlineData("-10", true)]
    [InlineData("-0", false)]
    [InlineData("-", false)]
    [InlineData("+1", false)]
    [InlineData("01", false)]
    [InlineData("", false)]
    public void Decimal_integers(string value, bool valid) => Assert.Equal(valid, NameRules.DecimalInteger(value).Count == 0);

    [Fact]
    public void A_generated_names_prefix_may_end_in_a_dash() => Assert.Equal("pod-a", NameRules.WithoutTrailingDash("pod-x-"));

    [Theory]
    [InlineData("a.b/c", 0)]
    [InlineData("a.b", 1)]
    [InlineData("/c", 1)]
    [InlineData("A/c d", 2)]
    public void Domain_prefixed_paths(string value, int errors) => Assert.Equal(errors, NameRules.DomainPrefixedPath(value).Count);

    [Theory]
    [InlineData("a", "\"a\"")]
    [InlineData("a\"\\\n\u0001\u007f", "\"a\\\"\\\\\\n\\x01\\x7f\"")]
    [InlineData("é日", "\"é日\"")]
    [InlineData("\u00a0\u200b", "\"\\u00a0\\u200b\"")]
    [InlineData("\U000e0001", "\"\\U000e0001\"")]
    public void Text_is_quoted_as_go_quotes_it(string text, string quoted) => Assert.Equal(quoted, GoText.Quote(text));
}
