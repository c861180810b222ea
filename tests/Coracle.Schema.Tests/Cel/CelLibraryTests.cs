using Coracle.Schema.Cel;

namespace Coracle.Schema.Tests.Cel;

public sealed class CelLibraryTests
{
    [Theory]
    [InlineData("'tacocat'.charAt(3) == 'o' && 'hello mellow'.indexOf('ello', 2) == 7 && 'hello mellow'.lastIndexOf('ello') == 7 && 'hello'.indexOf('') == 0 && 'hello'.lastIndexOf('') == 5")]
    [InlineData("['hello', 'mellow'].join(' ') == 'hello mellow' && [].join() == ''")]
    [InlineData("'TacoCÆt'.lowerAscii() == 'tacocÆt' && 'TacoCæt'.upperAscii() == 'TACOCæT'")]
    [InlineData("'hello hello'.replace('he', 'we', 1) == 'wello hello' && 'hello'.replace('l', '') == 'heo' && 'ab'.replace('', '-') == '-a-b-'")]
    [InlineData("'a,b,c'.split(',') == ['a', 'b', 'c'] && 'a,b,c'.split(',', 2) == ['a', 'b,c'] && 'ab'.split('') == ['a', 'b'] && 'a'.split(',', 0) == []")]
    [InlineData("'tacocat'.substring(4) == 'cat' && 'ta©o😀cat'.substring(2, 5) == '©o😀' && '  \\ttrim\\n    '.trim() == 'trim'")]
    [InlineData("strings.quote('a\"b\\n') == '\"a\\\\\"b\\\\n\"'")]
    [InlineData("'%s is %d, %b, %x, %X, %o, %%'.format([dyn('n'), dyn(5), dyn(5), dyn(255), dyn('hi'), dyn(8)]) == 'n is 5, 101, ff, 6869, 10, %'")]
    [InlineData("'%.2f %.1e'.format([1.005, 12345.678]) == '1.00 1.2\\u202f×\\u202f10⁰⁴' && '%f'.format([1234567.5]) == '1,234,567.500000'")]
    [InlineData("'%s'.format([[dyn('a'), dyn(1.5), dyn(null), dyn(b'x')]]) == '[\"a\", 1.500000, null, b\"x\"]' && '%s'.format([{'b': 2, 'a': 1}]) == '{\"a\":1, \"b\":2}'")]
    public void Strings_are_taken_apart_and_put_together(string expression) => CelCases.Holds(expression);

    [Theory]
    [InlineData("[1, 2, 3].isSorted() && !['b', 'a'].isSorted() && [].isSorted() && [1, 3, 2].max() == 3 && ['b', 'a'].min() == 'a' && [1, 2].sum() == 3 && [1.5, 2.5].sum() == 4.0")]
    [InlineData("['a', 'b', 'b'].indexOf('b') == 1 && ['a', 'b', 'b'].lastIndexOf('b') == 2 && [1].indexOf(2) == -1")]
    [InlineData("[1, 2, 3, 4].slice(1, 3) == [2, 3] && [[1, 2], [3]].flatten() == [1, 2, 3] && [1, 2, 2, 1].distinct() == [1, 2] && [1, 2].reverse() == [2, 1] && lists.range(3) == [0, 1, 2]")]
    [InlineData("[3, 1, 2].sort() == [1, 2, 3] && ['bb', 'a'].sortBy(s, s.size()) == ['a', 'bb'] && [{'n': 2}, {'n': 1}].sortBy(e, e.n)[0].n == 1")]
    [InlineData("[1, 2].first() == optional.of(1) && [1, 2].last().value() == 2 && [optional.of(1), optional.none()].unwrapOpt() == [1]")]
    [InlineData("sets.contains([1, 2, 3], [2, 3]) && !sets.contains([1], [2]) && sets.equivalent([1, 2], [2, 1, 1]) && sets.intersects([1], [1, 2]) && !sets.intersects([], [1])")]
    public void Lists_and_sets_are_searched_and_sorted(string expression) => CelCases.Holds(expression);

    [Theory]
    [InlineData("'abc 123'.find('[0-9]+') == '123' && 'x'.find('y') == '' && '123 abc 456'.findAll('[0-9]+') == ['123', '456'] && '1 2 3'.findAll('[0-9]', 2) == ['1', '2']")]
    [InlineData("url('https://user@example.com:80/a%2Fb?x=1&y=2&x=3#f').getHost() == 'example.com:80' && url('https://example.com:80/').getHostname() == 'example.com' && url('https://example.com:80/').getPort() == '80'")]
    [InlineData("url('https://[::1]:80/').getHostname() == '::1' && url('https://example.com/path with spaces/').getEscapedPath() == '/path%20with%20spaces/' && url('/a?x=1&x=2').getQuery() == {'x': ['1', '2']}")]
    [InlineData("isURL('https://a.b/c') && isURL('/a') && !isURL('a') && !isURL('https://a:b:c/') && url('HTTP://x').getScheme() == 'http'")]
    [InlineData("quantity('1Gi').isGreaterThan(quantity('1G')) && quantity('500m').compareTo(quantity('0.5')) == 0 && quantity('1k').asInteger() == 1000 && !quantity('0.5').isInteger() && quantity('1').add(1) == quantity('2')")]
    [InlineData("isQuantity('1.5Mi') && !isQuantity('x') && sign(quantity('-1')) == -1 && quantity('50k').sub(quantity('20k')) == quantity('30k') && quantity('1.5').asApproximateFloat() == 1.5")]
    [InlineData("ip('192.168.0.1').family() == 4 && ip('::1').isLoopback() && !isIP('192.168.0.01') && !isIP('::ffff:1.2.3.4') && ip('fe80::1').isLinkLocalUnicast() && !ip('255.255.255.255').isGlobalUnicast()")]
    [InlineData("ip.isCanonical('2001:db8::abcd') && !ip.isCanonical('2001:DB8::ABCD') && string(ip('2001:DB8::1')) == '2001:db8::1' && type(ip('1.2.3.4')) == net.IP")]
    [InlineData("cidr('192.168.0.0/24').containsIP('192.168.0.7') && cidr('192.168.0.0/16').containsCIDR('192.168.10.0/24') && !cidr('10.0.0.0/8').containsIP(ip('::1')) && cidr('10.1.2.3/8').masked() == cidr('10.0.0.0/8') && cidr('::1/128').prefixLength() == 128")]
    [InlineData("semver('1.2.3').isLessThan(semver('1.10.0')) && semver('v1.2', true) == semver('1.2.0') && semver('1.0.0-alpha').isLessThan(semver('1.0.0')) && !isSemver('v1.2') && semver('1.2.3').minor() == 2")]
    [InlineData("!format.dns1123Label().validate('my-name').hasValue() && format.dns1123Label().validate('My').hasValue() && format.named('uuid').value().validate('x').value() == ['does not match the UUID format'] && !format.named('none').hasValue()")]
    public void Values_of_Kubernetes_are_understood(string expression) => CelCases.Holds(expression);

    [Theory]
    [InlineData("'abc'.charAt(4)", "index out of range: 4")]
    [InlineData("'abc'.substring(2, 1)", "invalid substring range. start: 2, end: 1")]
    [InlineData("'%d'.format(['a'].map(x, dyn(x)))", "error during formatting: decimal clause can only be used on integers, was given string")]
    [InlineData("'%y'.format([1].map(x, x))", "could not parse formatting clause: unrecognized formatting clause \"y\"")]
    [InlineData("'%s'.format([].map(x, x))", "index 0 out of range")]
    [InlineData("[1].filter(x, x > 1).max()", "max called on empty list")]
    [InlineData("[1].slice(0, 2)", "cannot slice(0, 2), list is length 1")]
    [InlineData("'a'.find('(' + string(1))", "Illegal regex: error parsing regexp: missing closing ): `(1`")]
    [InlineData("quantity('x')", "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'")]
    [InlineData("quantity('0.5').asInteger()", "cannot convert value to integer")]
    [InlineData("ip('300.1.1.1')", "IP Address \"300.1.1.1\" parse error during conversion from string: ParseAddr(\"300.1.1.1\"): IPv4 field has value >255")]
    [InlineData("ip('::ffff:1.2.3.4')", "IPv4-mapped IPv6 address \"::ffff:1.2.3.4\" is not allowed")]
    [InlineData("ip('fe80::1%eth0')", "IP address \"fe80::1%eth0\" with zone value is not allowed")]
    [InlineData("cidr('10.0.0.0')", "network address parse error during conversion from string: network address parse error during conversion from string: netip.ParsePrefix(\"10.0.0.0\"): no '/'")]
    [InlineData("url('a b')", "URL parse error during conversion from string: parse \"a b\": invalid URI for request")]
    [InlineData("semver('1.2')", "No Major.Minor.Patch elements found")]
    public void What_libraries_cannot_read_is_told_in_their_words(string expression, string error) => CelCases.Fails(expression, error);

    [Fact]
    public void An_authorizer_is_asked_for_what_the_expression_says()
    {
        var asked = new List<CelAuthorizationQuery>();
        var environment = CelEnvironment.Kubernetes.WithVariable("authorizer", CelAuthorization.AuthorizerType);
        var activation = new CelActivation().Set("authorizer", CelAuthorization.Authorizer(query =>
        {
            asked.Add(query);
            return new(query.Verb == "create", "because", query.Verb == "bad" ? "broken" : null);
        }));
        CelCases.Holds("authorizer.group('apps').resource('deployments').subresource('scale').namespace('x').name('y').fieldSelector('a=b').check('create').allowed()", environment, activation);
        CelCases.Holds("!authorizer.path('/healthz').check('get').allowed() && authorizer.serviceAccount('ns', 'sa').group('').resource('pods').check('list').reason() == 'because'", environment, activation);
        CelCases.Holds("authorizer.path('/x').check('bad').errored() && authorizer.path('/x').check('bad').error() == 'broken'", environment, activation);
        Assert.Equal(new() { Group = "apps", Resource = "deployments", Subresource = "scale", Namespace = "x", Name = "y", FieldSelector = "a=b", Verb = "create" }, asked[0]);
        Assert.Equal(new() { Path = "/healthz", Verb = "get" }, asked[1]);
        Assert.Equal(("ns", "sa"), asked[2].ServiceAccount);
        CelCases.Fails("authorizer.path(' ').check('get').allowed()", "path must not be empty", environment, activation);
    }

    [Fact]
    public void Mutations_make_objects_and_patches()
    {
        var environment = CelMutations.AddTo(CelEnvironment.Kubernetes);
        var applied = CelCases.Run("Object{metadata: Object.metadata{labels: {'a': 'b'}}, spec: Object.spec{replicas: 1 + 1, ?gone: optional.none()}}", environment).Value;
        Assert.Equal("""{"metadata":{"labels":{"a":"b"}},"spec":{"replicas":2}}""", CelJson.ToJson(applied, out _)!.ToJsonString());
        Assert.Null(CelMutations.CheckTypeNames(applied));
        var wrong = CelCases.Run("Object{spec: Object.metadata{}}", environment).Value;
        Assert.Equal("unexpected type name \"Object.metadata\", expected \"Object.spec\", which matches field name path from root Object type", CelMutations.CheckTypeNames(wrong));
        var patches = CelCases.Run("[JSONPatch{op: 'add', path: '/metadata/labels/' + jsonpatch.escapeKey('a.b/c~d'), value: {'x': 1}}]", environment).Value;
        Assert.Equal("""{"op":"add","path":"/metadata/labels/a.b~1c~0d","value":{"x":1}}""", CelMutations.ToOperation(patches.AsList[0], out _)!.ToJsonString());
        CelCases.Wrong("JSONPatch{opp: 'add'}", "ERROR: <input>:1:14: undefined field 'opp'", environment);
        CelCases.Wrong("Other{}", "ERROR: <input>:1:6: undeclared reference to 'Other' (in container '')", environment);
    }
}
