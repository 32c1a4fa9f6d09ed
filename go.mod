module github.com/eddy-build/eddy

go 1.26
